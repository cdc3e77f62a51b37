// Tests that what is computed from data and public constants is the data owner's, products and quantizers too, for every operation.
// RUN: mpcc-opt %s -annotate-visibility | FileCheck %s

!real = tensor<2x2xf32>
!q = tensor<2x2x!quant.uniform<i8:f32, 0.5>>
!tokens = tensor<2x2x2xf32>
!column = tensor<2x1xf32>
!row = tensor<2xf32>

func.func @data(%x: !real {nn.owner = "data"}, %q: !q {nn.owner = "data"}, %x3: !tokens {nn.owner = "data"}) {
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %p = nn.constant public dense<1.0> : !real : !real
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %prow = nn.constant public dense<1.0> : !row : !row
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %rows = nn.constant public dense<0> : tensor<2xi64> : tensor<2xi64>
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %choice = nn.constant public dense<true> : tensor<2x2xi1> : tensor<2x2xi1>
  // CHECK: nn.quantize {{.*}}nn.visibility = "data"
  %v0 = nn.quantize %x : !real -> !q
  // CHECK: nn.dequantize {{.*}}nn.visibility = "data"
  %v1 = nn.dequantize %q : !q -> !real
  // CHECK: nn.linear {{.*}}nn.visibility = "data"
  %v2 = nn.linear %x, %p : (!real, !real) -> !real
  // CHECK: nn.matmul {{.*}}nn.visibility = "data"
  %v3 = nn.matmul %x, %p : (!real, !real) -> !real
  // CHECK: nn.gather {{.*}}nn.visibility = "data"
  %v4 = nn.gather %x, %rows : (!real, tensor<2xi64>) -> !real
  // CHECK: nn.binary {{.*}}nn.visibility = "data"
  %v5 = nn.binary add %x, %p : (!real, !real) -> !real
  // CHECK: nn.unary {{.*}}nn.visibility = "data"
  %v6 = nn.unary tanh %x : !real -> !real
  // CHECK: nn.map
  %v7 = nn.map %x {
  ^bb0(%number: tensor<f32>):
    // CHECK: nn.unary {{.*}}nn.visibility = "data"
    %m = nn.unary exp %number : tensor<f32> -> tensor<f32>
    nn.yield %m : tensor<f32>
    // CHECK: } {nn.visibility = "data"}
  } : !real -> !real
  // CHECK: nn.reduce {{.*}}nn.visibility = "data"
  %v8 = nn.reduce sum %x [1] : !real -> !column
  // CHECK: nn.select {{.*}}nn.visibility = "data"
  %v9 = nn.select %choice, %x, %p : (tensor<2x2xi1>, !real, !real) -> !real
  // CHECK: nn.softmax {{.*}}nn.visibility = "data"
  %v10 = nn.softmax %x mask %p : (!real, !real) -> !real
  // CHECK: nn.layer_norm {{.*}}nn.visibility = "data"
  %v11 = nn.layer_norm %x, %prow, %prow {epsilon = 1.0e-5 : f64} : (!real, !row, !row) -> !real
  // CHECK: nn.mean_pool {{.*}}nn.visibility = "data"
  %v12 = nn.mean_pool %x3, %p : (!tokens, !real) -> !real
  // CHECK: nn.l2_normalize {{.*}}nn.visibility = "data"
  %v13 = nn.l2_normalize %x {epsilon = 1.0e-5 : f64} : (!real) -> !real
  // CHECK: nn.reshape {{.*}}nn.visibility = "data"
  %v14 = nn.reshape %x : !real -> tensor<4xf32>
  // CHECK: nn.transpose {{.*}}nn.visibility = "data"
  %v15 = nn.transpose %x [1, 0] : !real -> !real
  // CHECK: nn.slice {{.*}}nn.visibility = "data"
  %v16 = nn.slice %x [0, 1] : !real -> !column
  // CHECK: nn.concat {{.*}}nn.visibility = "data"
  %v17 = nn.concat %x, %p {axis = 0 : i64} : (!real, !real) -> tensor<4x2xf32>
  // CHECK: nn.broadcast {{.*}}nn.visibility = "data"
  %v18 = nn.broadcast %x : !real -> tensor<3x2x2xf32>
  // CHECK: nn.plain {{.*}}nn.visibility = "data"
  %v19 = nn.plain "tile"(%x) [1, 1] : (!real) -> !real
  return
}

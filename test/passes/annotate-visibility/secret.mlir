// Tests that what is computed from a secret value is secret, whatever else it reads, for every operation.
// RUN: mpcc-opt %s -annotate-visibility | FileCheck %s

!real = tensor<2x2xf32>
!q = tensor<2x2x!quant.uniform<i8:f32, 0.5>>
!tokens = tensor<2x2x2xf32>
!column = tensor<2x1xf32>
!row = tensor<2xf32>

func.func @secret(%x: !real, %q: !q, %x3: !tokens) {
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %p = nn.constant public dense<1.0> : !real : !real
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %prow = nn.constant public dense<1.0> : !row : !row
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %rows = nn.constant public dense<0> : tensor<2xi64> : tensor<2xi64>
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %choice = nn.constant public dense<true> : tensor<2x2xi1> : tensor<2x2xi1>
  // CHECK: nn.quantize {{.*}}nn.visibility = "secret"
  %v0 = nn.quantize %x : !real -> !q
  // CHECK: nn.dequantize {{.*}}nn.visibility = "secret"
  %v1 = nn.dequantize %q : !q -> !real
  // CHECK: nn.linear {{.*}}nn.visibility = "secret"
  %v2 = nn.linear %x, %p : (!real, !real) -> !real
  // CHECK: nn.matmul {{.*}}nn.visibility = "secret"
  %v3 = nn.matmul %x, %p : (!real, !real) -> !real
  // CHECK: nn.gather {{.*}}nn.visibility = "secret"
  %v4 = nn.gather %x, %rows : (!real, tensor<2xi64>) -> !real
  // CHECK: nn.binary {{.*}}nn.visibility = "secret"
  %v5 = nn.binary add %x, %p : (!real, !real) -> !real
  // CHECK: nn.unary {{.*}}nn.visibility = "secret"
  %v6 = nn.unary tanh %x : !real -> !real
  // CHECK: nn.map
  %v7 = nn.map %x {
  ^bb0(%number: tensor<f32>):
    // CHECK: nn.unary {{.*}}nn.visibility = "secret"
    %m = nn.unary exp %number : tensor<f32> -> tensor<f32>
    nn.yield %m : tensor<f32>
    // CHECK: } {nn.visibility = "secret"}
  } : !real -> !real
  // CHECK: nn.reduce {{.*}}nn.visibility = "secret"
  %v8 = nn.reduce sum %x [1] : !real -> !column
  // CHECK: nn.select {{.*}}nn.visibility = "secret"
  %v9 = nn.select %choice, %x, %p : (tensor<2x2xi1>, !real, !real) -> !real
  // CHECK: nn.softmax {{.*}}nn.visibility = "secret"
  %v10 = nn.softmax %x mask %p : (!real, !real) -> !real
  // CHECK: nn.layer_norm {{.*}}nn.visibility = "secret"
  %v11 = nn.layer_norm %x, %prow, %prow {epsilon = 1.0e-5 : f64} : (!real, !row, !row) -> !real
  // CHECK: nn.mean_pool {{.*}}nn.visibility = "secret"
  %v12 = nn.mean_pool %x3, %p : (!tokens, !real) -> !real
  // CHECK: nn.l2_normalize {{.*}}nn.visibility = "secret"
  %v13 = nn.l2_normalize %x {epsilon = 1.0e-5 : f64} : (!real) -> !real
  // CHECK: nn.reshape {{.*}}nn.visibility = "secret"
  %v14 = nn.reshape %x : !real -> tensor<4xf32>
  // CHECK: nn.transpose {{.*}}nn.visibility = "secret"
  %v15 = nn.transpose %x [1, 0] : !real -> !real
  // CHECK: nn.slice {{.*}}nn.visibility = "secret"
  %v16 = nn.slice %x [0, 1] : !real -> !column
  // CHECK: nn.concat {{.*}}nn.visibility = "secret"
  %v17 = nn.concat %x, %p {axis = 0 : i64} : (!real, !real) -> tensor<4x2xf32>
  // CHECK: nn.broadcast {{.*}}nn.visibility = "secret"
  %v18 = nn.broadcast %x : !real -> tensor<3x2x2xf32>
  // CHECK: nn.plain {{.*}}nn.visibility = "secret"
  %v19 = nn.plain "tile"(%x) [1, 1] : (!real) -> !real
  return
}

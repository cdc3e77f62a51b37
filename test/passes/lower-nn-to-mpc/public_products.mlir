// Tests that products of quantized values that the data owner sees are its own, of the reals they stand for.
// RUN: mpcc-opt %s -lower-nn-to-mpc -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --seed 7 --quiet

!q = tensor<1x2x2x!quant.uniform<i8:f32, 0.5:3>>
!real = tensor<1x2x2xf32>
!w = tensor<2x2x!quant.uniform<i8:f32, 0.25>>

// CHECK-NOT: mpc.
// CHECK: nn.matmul {{.*}} {transpose_b} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>)
// CHECK: nn.softmax
// CHECK: nn.matmul {{.*}} : (tensor<1x2x2xf32>, tensor<2x2xf32>)
// CHECK: nn.binary add
// CHECK-NOT: mpc.
func.func @main(%x: !real {nn.owner = "data"}) -> !real {
  %q = nn.quantize %x : !real -> !q
  %scores = nn.matmul %q, %q {transpose_b} : (!q, !q) -> !real
  %p = nn.softmax %scores : (!real) -> !real
  %r = nn.quantize %p : !real -> !q
  %w = nn.constant public dense<[[1, 2], [-3, 4]]> : tensor<2x2xi8> : !w
  %b = nn.constant public dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %y = nn.linear %r, %w, %b : (!q, !w, tensor<2xf32>) -> !real
  return %y : !real
}

// Tests that a quotient by a row of columns is the product with its inverse, signs included, and costs nothing.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

!x = tensor<1x4xf32>
!w = tensor<4x2xf32>
!y = tensor<1x2xf32>

// CHECK-LABEL: @f
// CHECK: mpc.linear
// CHECK-NOT: mpc.product
// CHECK: mpc.reveal
func.func @f(%x: !x {nn.owner = "data"}) -> !y {
  %r = nn.unary neg %x {nn.range = 4.0 : f64} : !x -> !x
  %w = nn.constant dense<[[0.25, -0.25], [0.25, 0.25], [-0.25, 0.25], [0.25, -0.25]]> : !w : !w
  %c = nn.constant dense<[2.0, -0.5]> : tensor<2xf32> : tensor<2xf32>
  %a = nn.linear %r, %w {nn.range = 4.0 : f64} : (!x, !w) -> !y
  %d = nn.binary div %a, %c {nn.range = 8.0 : f64} : (!y, tensor<2xf32>) -> !y
  return %d : !y
}

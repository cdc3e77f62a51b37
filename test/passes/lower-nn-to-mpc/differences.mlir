// Tests that differences of secret values and of parameters are what they say, whichever side comes first.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

!x = tensor<1x4xf32>
!w = tensor<4x2xf32>
!y = tensor<1x2xf32>

// CHECK-LABEL: @f
// CHECK-COUNT-2: mpc.mul_public {{.*}} -1
// CHECK-NOT: mpc.mul_public
func.func @f(%x: !x {nn.owner = "data"}) -> !y {
  %r = nn.unary neg %x {nn.range = 4.0 : f64} : !x -> !x
  %v = nn.constant dense<[[0.25, -0.25], [0.25, 0.25], [-0.25, 0.25], [0.25, -0.25]]> : !w : !w
  %w = nn.constant dense<[[0.25, 0.25], [0.25, -0.25], [-0.25, -0.25], [0.25, 0.25]]> : !w : !w
  %c = nn.constant dense<[1.0, -0.5]> : tensor<2xf32> : tensor<2xf32>
  %a = nn.linear %r, %v {nn.range = 4.0 : f64} : (!x, !w) -> !y
  %b = nn.linear %r, %w {nn.range = 4.0 : f64} : (!x, !w) -> !y
  %d = nn.binary sub %a, %b {nn.range = 8.0 : f64} : (!y, !y) -> !y
  %e = nn.binary sub %c, %d {nn.range = 9.0 : f64} : (tensor<2xf32>, !y) -> !y
  %f = nn.binary sub %e, %c {nn.range = 10.0 : f64} : (!y, tensor<2xf32>) -> !y
  return %f : !y
}

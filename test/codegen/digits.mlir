// Tests that P1's plan says to how many digits it learns a result, or that it learns all bits, and that digits which its bits do not tell are refused.
// RUN: mpcc compile --from=mpc %s -o %t
// RUN: mpcc inspect %t/party1.plan | FileCheck %s
// RUN: sed s/nn.digits.=.2/nn.digits=3/ %s > %t.mlir
// RUN: not mpcc compile --from=mpc %t.mlir -o %t 2>&1 | FileCheck %s --check-prefix=FEW

// CHECK: P1 (data owner): the result of shape 1x2 to 2 decimal digits after the point, 16 bits
// CHECK: P1 (data owner): the result of shape 1x2, all 16 bits of its ring
// FEW: error: 'mpc.reveal' op has 7 fraction bits, too few for the 3 digits of its result
func.func @f(%p: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> (tensor<1x2xf32> {nn.name = "y", nn.digits = 2 : i64}, tensor<1x2xf32> {nn.name = "z"}) {
  %e = mpc.encode %p {fraction_bits = 4 : i64} : tensor<1x4xf32> -> tensor<1x4xi16>
  %x = mpc.input %e : tensor<1x4xi16> -> !mpc.rss<1x4, 16>
  %w = mpc.constant dense<[[1, -1], [-1, 1], [1, 1], [-1, -1]]> : tensor<4x2xi8> : !mpc.private<4x2, 16>
  %v = mpc.constant dense<[[2, -1], [-1, 3], [1, 1], [-1, -1]]> : tensor<4x2xi8> : !mpc.private<4x2, 16>
  %b = mpc.constant dense<[3, -5]> : tensor<2xi16> : !mpc.private<2, 16>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x4, 16>, !mpc.private<4x2, 16>, !mpc.private<2, 16>) -> !mpc.add<1x2, 16>
  %z = mpc.linear %x, %v, %b : (!mpc.rss<1x4, 16>, !mpc.private<4x2, 16>, !mpc.private<2, 16>) -> !mpc.add<1x2, 16>
  %r = mpc.reveal %y {fraction_bits = 7 : i64} : !mpc.add<1x2, 16> -> tensor<1x2xf32>
  %s = mpc.reveal %z {fraction_bits = 7 : i64} : !mpc.add<1x2, 16> -> tensor<1x2xf32>
  return %r, %s : tensor<1x2xf32>, tensor<1x2xf32>
}

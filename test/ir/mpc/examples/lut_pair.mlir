// Tests that the example of `mpc.lut_pair` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 3, 7]}' | FileCheck %s
// CHECK: {{^}}[0, 0, 4, 16, 16, 16, 0, 9]{{$}}

func.func @f(%x: !mpc.rss<4, 3>) -> !mpc.add<2x4, 16> {
  %t = mpc.constant dense<[[0, 4, 9, 16]]> : tensor<1x4xi16> : !mpc.private<1x4, 16>
  // Of floor(x / 2), and of the number below it.
  %y = mpc.lut_pair %x, %t {shift = 1 : i64} : (!mpc.rss<4, 3>, !mpc.private<1x4, 16>) -> !mpc.add<2x4, 16>
  return %y : !mpc.add<2x4, 16>
}

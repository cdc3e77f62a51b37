// Tests that the example of `mpc.lut` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 3, -4]}' | FileCheck %s
// CHECK: {{^}}[0, 1, 9, 16]{{$}}

func.func @f(%x: !mpc.rss<4, 3>) -> !mpc.add<4, 16> {
  %t = mpc.constant dense<[[0, 1, 4, 9, 16, 9, 4, 1]]> : tensor<1x8xi16> : !mpc.private<1x8, 16>
  %y = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<4, 3>, !mpc.private<1x8, 16>) -> !mpc.add<4, 16>
  return %y : !mpc.add<4, 16>
}

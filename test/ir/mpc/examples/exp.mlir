// Tests that the example of `mpc.exp` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 2, 3]}' | FileCheck %s
// CHECK: {{^}}[1, 2, 4, 8]{{$}}

func.func @f(%x: !mpc.rss<4, 3>) -> !mpc.add<4, 16> {
  %t = mpc.constant dense<[1, 1, 1, 2, 4, 8, 16, 32, 64, 128]> : tensor<10xi16> : !mpc.private<10, 16>
  %y = mpc.exp %x, %t {low_factors = array<i64: 1, 2>} : (!mpc.rss<4, 3>, !mpc.private<10, 16>) -> !mpc.add<4, 16>
  return %y : !mpc.add<4, 16>
}

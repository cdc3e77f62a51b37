// Tests that the example of `mpc.lut2` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 0, 1], "arg1": [0, 0, 1, 1]}' | FileCheck %s
// CHECK: {{^}}[0, 2, 1, 3]{{$}}

func.func @f(%a: !mpc.rss<4, 2>, %b: !mpc.rss<4, 1>) -> !mpc.add<4, 8> {
  %t = mpc.constant dense<[0, 1, 2, 3, 4, 5, 6, 7]> : tensor<8xi8> : !mpc.private<8, 8>
  %y = mpc.lut2 %a, %b, %t : (!mpc.rss<4, 2>, !mpc.rss<4, 1>, !mpc.private<8, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// Tests that the example of `mpc.constant` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4]}' | FileCheck %s
// CHECK: {{^}}[1, -2, 6, 40]{{$}}

func.func @f(%x: !mpc.rss<4, 8>) -> !mpc.add<4, 8> {
  %c = mpc.constant dense<[1, -1, 2, 10]> : tensor<4xi8> : !mpc.private<4, 8>
  %y = mpc.product %x const %c : (!mpc.rss<4, 8>, !mpc.private<4, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

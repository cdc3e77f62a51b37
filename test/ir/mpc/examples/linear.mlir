// Tests that the example of `mpc.linear` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3]}' | FileCheck %s
// CHECK: {{^}}[14, 19]{{$}}

func.func @f(%x: !mpc.rss<1x3, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.constant dense<[[1, 0], [0, 1], [1, -1]]> : tensor<3x2xi8> : !mpc.private<3x2, 8>
  %b = mpc.constant dense<[10, 20]> : tensor<2xi8> : !mpc.private<2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x3, 8>, !mpc.private<3x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return %y : !mpc.add<1x2, 8>
}

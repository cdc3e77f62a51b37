// Tests that the example of `mpc.product` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [2, 3]}' | FileCheck %s
// CHECK: {{^}}[10, 20, 45, 60]{{$}}

func.func @f(%a: !mpc.rss<2x2, 8>, %b: !mpc.rss<2x1, 8>) -> !mpc.add<2x2, 8> {
  %c = mpc.constant dense<5> : tensor<1xi8> : !mpc.private<1, 8>
  %y = mpc.product %a, %b const %c : (!mpc.rss<2x2, 8>, !mpc.rss<2x1, 8>, !mpc.private<1, 8>) -> !mpc.add<2x2, 8>
  return %y : !mpc.add<2x2, 8>
}

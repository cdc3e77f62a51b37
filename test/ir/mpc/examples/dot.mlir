// Tests that the example of `mpc.dot` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [1, 1, 1, 2]}' | FileCheck %s
// CHECK: {{^}}[3, 11]{{$}}

func.func @f(%a: !mpc.rss<2x2, 8>, %b: !mpc.rss<2x2, 8>) -> !mpc.add<2x1, 8> {
  %y = mpc.dot %a, %b : (!mpc.rss<2x2, 8>, !mpc.rss<2x2, 8>) -> !mpc.add<2x1, 8>
  return %y : !mpc.add<2x1, 8>
}

// Tests that the example of `mpc.sub` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [1, -1]}' | FileCheck %s
// CHECK: {{^}}[0, 3, 2, 5]{{$}}

func.func @f(%a: !mpc.rss<2x2, 8>, %b: !mpc.rss<2, 8>) -> !mpc.rss<2x2, 8> {
  %y = mpc.sub %a, %b : (!mpc.rss<2x2, 8>, !mpc.rss<2, 8>) -> !mpc.rss<2x2, 8>
  return %y : !mpc.rss<2x2, 8>
}

// Tests that the example of `mpc.matmul` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [1, 0, 0, 2]}' | FileCheck %s
// CHECK: {{^}}[1, 4, 3, 8]{{$}}

func.func @f(%a: !mpc.rss<1x2x2, 8>, %b: !mpc.rss<1x2x2, 8>) -> !mpc.add<1x2x2, 8> {
  %y = mpc.matmul %a, %b : (!mpc.rss<1x2x2, 8>, !mpc.rss<1x2x2, 8>) -> !mpc.add<1x2x2, 8>
  return %y : !mpc.add<1x2x2, 8>
}

// Tests that the example of `mpc.add` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [100, 2, 3, 4], "arg1": [100, -1]}' | FileCheck %s
// CHECK: {{^}}[-56, 1, 103, 3]{{$}}

func.func @f(%a: !mpc.add<2x2, 8>, %b: !mpc.rss<2, 8>) -> !mpc.add<2x2, 8> {
  %y = mpc.add %a, %b : (!mpc.add<2x2, 8>, !mpc.rss<2, 8>) -> !mpc.add<2x2, 8>
  return %y : !mpc.add<2x2, 8>
}

// Tests that the example of `mpc.concat` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2], "arg1": [3, 4]}' | FileCheck %s
// CHECK: {{^}}[1, 3, 2, 4]{{$}}

func.func @f(%a: !mpc.add<2x1, 8>, %b: !mpc.add<2x1, 8>) -> !mpc.add<2x2, 8> {
  %y = mpc.concat %a, %b {axis = 1 : i64} : (!mpc.add<2x1, 8>, !mpc.add<2x1, 8>) -> !mpc.add<2x2, 8>
  return %y : !mpc.add<2x2, 8>
}

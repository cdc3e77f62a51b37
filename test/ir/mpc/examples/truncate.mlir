// Tests that the example of `mpc.truncate` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [15, 16, -1, -17]}' | FileCheck %s
// CHECK: {{^}}[0, 1, -1, -2]{{$}}

func.func @f(%x: !mpc.add<4, 8>) -> !mpc.add<4, 4> {
  %y = mpc.truncate %x : !mpc.add<4, 8> -> !mpc.add<4, 4>
  return %y : !mpc.add<4, 4>
}

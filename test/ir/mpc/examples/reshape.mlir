// Tests that the example of `mpc.reshape` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[1, 2, 3, 4, 5, 6]{{$}}

func.func @f(%x: !mpc.add<2x3, 8>) -> !mpc.add<3x2, 8> {
  %y = mpc.reshape %x : !mpc.add<2x3, 8> -> !mpc.add<3x2, 8>
  return %y : !mpc.add<3x2, 8>
}

// Tests that the example of `mpc.transpose` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[1, 4, 2, 5, 3, 6]{{$}}

func.func @f(%x: !mpc.add<2x3, 8>) -> !mpc.add<3x2, 8> {
  %y = mpc.transpose %x [1, 0] : !mpc.add<2x3, 8> -> !mpc.add<3x2, 8>
  return %y : !mpc.add<3x2, 8>
}

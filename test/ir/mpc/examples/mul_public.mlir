// Tests that the example of `mpc.mul_public` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2]}' | FileCheck %s
// CHECK: {{^}}[5, -10]{{$}}

func.func @f(%x: !mpc.add<2, 8>) -> !mpc.add<2, 8> {
  %y = mpc.mul_public %x, 5 : !mpc.add<2, 8>
  return %y : !mpc.add<2, 8>
}

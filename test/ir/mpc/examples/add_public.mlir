// Tests that the example of `mpc.add_public` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2]}' | FileCheck %s
// CHECK: {{^}}[6, 3]{{$}}

func.func @f(%x: !mpc.add<2, 8>) -> !mpc.add<2, 8> {
  %y = mpc.add_public %x, 5 : !mpc.add<2, 8>
  return %y : !mpc.add<2, 8>
}

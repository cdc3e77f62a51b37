// Tests that the example of `mpc.extract` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [12, -5, 16]}' | FileCheck %s
// CHECK: {{^}}[2, -1, 2]{{$}}

func.func @f(%x: !mpc.add<3, 8>) -> !mpc.add<3, 5> {
  %y = mpc.extract %x : !mpc.add<3, 8> -> !mpc.add<3, 5>
  return %y : !mpc.add<3, 5>
}

// Tests that the example of `mpc.resize` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, 18]}' | FileCheck %s
// CHECK: {{^}}[3, -14]{{$}}

func.func @f(%x: !mpc.add<2, 8>) -> !mpc.add<2, 5> {
  %y = mpc.resize %x : !mpc.add<2, 8> -> !mpc.add<2, 5>
  return %y : !mpc.add<2, 5>
}

// Tests that the example of `mpc.row_max` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2, 3, -4, -5, -6]}' | FileCheck %s
// CHECK: {{^}}[3, -4]{{$}}

func.func @f(%x: !mpc.add<2x3, 4>) -> !mpc.add<2x1, 4> {
  %y = mpc.row_max %x : !mpc.add<2x3, 4> -> !mpc.add<2x1, 4>
  return %y : !mpc.add<2x1, 4>
}

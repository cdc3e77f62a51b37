// Tests that the example of `mpc.row_sum` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[6, 15]{{$}}

func.func @f(%x: !mpc.add<2x3, 8>) -> !mpc.add<2x1, 8> {
  %y = mpc.row_sum %x : !mpc.add<2x3, 8> -> !mpc.add<2x1, 8>
  return %y : !mpc.add<2x1, 8>
}

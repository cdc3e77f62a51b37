// Tests that the example of `mpc.leading_lut` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [200, 100, 40, 20, 9, 1]}' | FileCheck %s
// CHECK: {{^}}[8, 7, 5, 4, 4, 0]{{$}}

func.func @f(%x: !mpc.add<6, 8>) -> !mpc.add<6, 16> {
  // log2 of what has 5 bits or more, from two of them, to the nearest; 4 and 0 of the rest
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 0, 7, 8, 0, 0, 6, 7, 0, 0, 5, 6, 0, 4, 4, 5>} : !mpc.add<6, 8> -> !mpc.add<6, 16>
  return %y : !mpc.add<6, 16>
}

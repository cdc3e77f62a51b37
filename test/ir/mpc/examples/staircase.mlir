// Tests that the example of `mpc.staircase` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [-3, 0, 3, 4, 11, 12, 100]}' | FileCheck %s
// CHECK: {{^}}[0, 1, 1, 5, 5, 0, 0]{{$}}

func.func @f(%x: !mpc.add<7, 8>) -> !mpc.add<7, 16> {
  // 1 from 0 on, 5 from 4 on, and 0 again from 12 on
  %y = mpc.staircase %x {starts = array<i64: 0, 4, 12>, values = array<i64: 1, 5, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<7, 8> -> !mpc.add<7, 16>
  return %y : !mpc.add<7, 16>
}

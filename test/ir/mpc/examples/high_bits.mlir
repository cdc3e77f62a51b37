// Tests that the example of `mpc.high_bits` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 7, 8, -1]}' | FileCheck %s
// CHECK: {{^}}[0, 0, 1, -1]{{$}}

func.func @f(%x: !mpc.rss<4, 6>) -> !mpc.add<4, 3> {
  %y = mpc.high_bits %x {shift = 3 : i64} : !mpc.rss<4, 6> -> !mpc.add<4, 3>
  return %y : !mpc.add<4, 3>
}

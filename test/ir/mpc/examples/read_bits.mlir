// Tests that the example of `mpc.read_bits` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 5, 6, 11]}' | FileCheck %s
// CHECK: {{^}}[0, 0, 0, -1, -1, 0, 0, 0]{{$}}

func.func @f(%x: !mpc.rss<4, 4>) -> !mpc.add<2x4, 1> {
  // Whether the upper two bits are 2, and whether the lower two bits are equal to those of the mask, which is 0 here.
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0, 1>, tables = array<i64: 68, 16>} : !mpc.rss<4, 4> -> !mpc.add<2x4, 1>
  return %y : !mpc.add<2x4, 1>
}

// Tests that the example of `mpc.from_bits` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 0, 1, 0, 0, 1, 1]}' | FileCheck %s
// CHECK: {{^}}[0, 5, 10, 45]{{$}}

func.func @f(%x: !mpc.rss<2x4, 1>) -> !mpc.add<4, 16> {
  %c = mpc.constant dense<5> : tensor<1xi16> : !mpc.private<1, 16>
  // 5 (b0 + 2 b1 + 6 b0 b1)
  %y = mpc.from_bits %x const %c {terms = array<i64: 1, 2, 3>, coefficients = array<i64: 1, 2, 6>} : (!mpc.rss<2x4, 1>, !mpc.private<1, 16>) -> !mpc.add<4, 16>
  return %y : !mpc.add<4, 16>
}

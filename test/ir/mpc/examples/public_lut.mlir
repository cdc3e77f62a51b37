// Tests that the example of `mpc.public_lut` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 4, 12, -1, -16]}' | FileCheck %s
// CHECK: {{^}}[0, 10, 30, 0, 0]{{$}}

func.func @f(%x: !mpc.add<5, 5>) -> !mpc.add<5, 16> {
  %c = mpc.constant dense<10> : tensor<1xi16> : !mpc.private<1, 16>
  // 10 max(0, floor(x / 4))
  %y = mpc.public_lut %x times %c {values = array<i64: 0, 1, 2, 3, 0, 0, 0, 0>} : (!mpc.add<5, 5>, !mpc.private<1, 16>) -> !mpc.add<5, 16>
  return %y : !mpc.add<5, 16>
}

// Tests that the example of `mpc.saturate` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 4, 31, -1, -32]}' | FileCheck %s
// CHECK: {{^}}[0, 10, 10, -10, -20]{{$}}

func.func @f(%x: !mpc.add<5, 6>) -> !mpc.add<5, 16> {
  %c = mpc.constant dense<10> : tensor<1xi16> : !mpc.private<1, 16>
  // 10 floor(x / 4), from -2 to 1 times 10
  %y = mpc.saturate %x times %c {bits = 4 : i64, least = -2 : i64, most = 1 : i64} : (!mpc.add<5, 6>, !mpc.private<1, 16>) -> !mpc.add<5, 16>
  return %y : !mpc.add<5, 16>
}

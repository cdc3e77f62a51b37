// Tests that the example of `mpc.private_lut` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 4, 12, -1, -16]}' | FileCheck %s
// CHECK: {{^}}[-10, 10, 20, 20, -10]{{$}}

func.func @f(%x: !mpc.add<5, 4>) -> !mpc.add<5, 16> {
  // Numbers 0, 2, 1, 3 of the two top bits: bits 0 and 1.
  %0 = mpc.constant dense<[[0, 0, 1, 1]]> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  %1 = mpc.constant dense<[[0, 1, 0, 1]]> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  %c = mpc.constant dense<10> : tensor<1xi16> : !mpc.private<1, 16>
  %y = mpc.private_lut %x by %0, %1 times %c {least = -1 : i64} : (!mpc.add<5, 4>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1, 16>) -> !mpc.add<5, 16>
  return %y : !mpc.add<5, 16>
}

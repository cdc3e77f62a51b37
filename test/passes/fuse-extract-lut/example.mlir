// Tests that the table of a function, rounding and the table that requantizes become one table.
// RUN: mpcc-opt %s -fuse-extract-lut | FileCheck %s

// CHECK-LABEL: @requantized_function
// CHECK: %[[T:.*]] = mpc.constant dense<{{\[\[}}11, 13, 10, 10]]>
// CHECK-NEXT: %[[Q:.*]] = mpc.lut %arg0, %[[T]]
// CHECK-NEXT: return %[[Q]]
func.func @requantized_function(%x: !mpc.add<4, 2>) -> !mpc.add<4, 8> {
  %function = mpc.constant dense<[[60, -60, 0, -10]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  %requantize = mpc.constant dense<[[10, 11, 12, 13]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  %f = mpc.lut %x, %function {shift = 0 : i64} : (!mpc.add<4, 2>, !mpc.private<1x4, 8>) -> !mpc.add<4, 8>
  %i = mpc.extract %f : !mpc.add<4, 8> -> !mpc.add<4, 2>
  %q = mpc.lut %i, %requantize {shift = 0 : i64} : (!mpc.add<4, 2>, !mpc.private<1x4, 8>) -> !mpc.add<4, 8>
  return %q : !mpc.add<4, 8>
}

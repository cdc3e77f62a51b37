// Tests that values of the largest rank are read as matrices, once for what reads the same bits.
// RUN: mpcc-opt %s -expand-exact-reads -canonicalize | FileCheck %s

// CHECK-LABEL: @saturated
// CHECK: %[[M:.*]] = mpc.reshape %{{.*}} : !mpc.add<1x2x3x4x5, 20> -> !mpc.add<24x5, 20>
// CHECK: mpc.read_bits
// CHECK: mpc.reshape %{{.*}} : !mpc.add<24x5, 16> -> !mpc.add<1x2x3x4x5, 16>
func.func @saturated(%x: !mpc.add<1x2x3x4x5, 20>) -> !mpc.add<1x2x3x4x5, 16> {
  %y = mpc.saturate %x {bits = 11 : i64, least = -128 : i64, most = 127 : i64} : (!mpc.add<1x2x3x4x5, 20>) -> !mpc.add<1x2x3x4x5, 16>
  return %y : !mpc.add<1x2x3x4x5, 16>
}

// CHECK-LABEL: @twice
// CHECK-COUNT-1: mpc.read_bits
// CHECK-NOT: mpc.read_bits
func.func @twice(%x: !mpc.add<1x1x2x2x2, 4>) -> (!mpc.add<1x1x2x2x2, 8>, !mpc.add<1x1x2x2x2, 8>) {
  %y = mpc.public_lut %x {values = array<i64: 0, 1, 0, 0>} : (!mpc.add<1x1x2x2x2, 4>) -> !mpc.add<1x1x2x2x2, 8>
  %z = mpc.public_lut %x {values = array<i64: 0, 0, 0, 1>} : (!mpc.add<1x1x2x2x2, 4>) -> !mpc.add<1x1x2x2x2, 8>
  return %y, %z : !mpc.add<1x1x2x2x2, 8>, !mpc.add<1x1x2x2x2, 8>
}

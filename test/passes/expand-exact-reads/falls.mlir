// Tests that what three functions fall by alike is put together once, and only what is not zero in their ring.
// RUN: mpcc-opt %s -set-policy=policy=read-by-bits=0 -expand-exact-reads | FileCheck %s

// CHECK-LABEL: @common
// CHECK: [[FALL:%.*]] = mpc.from_bits {{.*}} -> !mpc.add<2, 4>
// CHECK-COUNT-3: mpc.add {{.*}}, [[FALL]]
func.func @common(%x: !mpc.add<2, 8>) -> !mpc.add<2, 4> {
  %a = mpc.public_lut %x {values = array<i64: 0, 1, 1, 1, 1, 1, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 4>
  %b = mpc.public_lut %x {values = array<i64: 0, 0, 1, 1, 1, 1, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 4>
  %c = mpc.public_lut %x {values = array<i64: 0, 0, 0, 1, 1, 1, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 4>
  %s = mpc.add %a, %b : (!mpc.add<2, 4>, !mpc.add<2, 4>) -> !mpc.add<2, 4>
  %t = mpc.add %s, %c : (!mpc.add<2, 4>, !mpc.add<2, 4>) -> !mpc.add<2, 4>
  return %t : !mpc.add<2, 4>
}

// A fall by 2 has the planes 2 and -4: the second one is zero modulo 4.
// CHECK-LABEL: @zero
// CHECK-NOT: terms = array<i64>
// CHECK: return
func.func @zero(%x: !mpc.add<2, 8>) -> !mpc.add<2, 2> {
  %a = mpc.public_lut %x {values = array<i64: 0, 2, 2, 2, 2, 2, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 2>
  %b = mpc.public_lut %x {values = array<i64: 0, 0, 2, 2, 2, 2, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 2>
  %c = mpc.public_lut %x {values = array<i64: 0, 0, 0, 2, 2, 2, 0, 0>} : (!mpc.add<2, 8>) -> !mpc.add<2, 2>
  %s = mpc.add %a, %b : (!mpc.add<2, 2>, !mpc.add<2, 2>) -> !mpc.add<2, 2>
  %t = mpc.add %s, %c : (!mpc.add<2, 2>, !mpc.add<2, 2>) -> !mpc.add<2, 2>
  return %t : !mpc.add<2, 2>
}

// Tests that a read beside which something longer goes takes the rounds that are free, and deals less.
// RUN: mpcc-opt "-set-policy=policy=net-rtt=1" -expand-exact-reads %s | FileCheck %s

// Nothing is beside it: one round, wide digits.
// CHECK-LABEL: @alone
// CHECK: mpc.read_bits {{.*}}digits = array<i64: 4, 4, 4>
// CHECK-NOT: -> !mpc.add<4, 1>
// CHECK: mpc.high_bits
func.func @alone(%x: !mpc.add<4, 16>) -> !mpc.add<4, 4> {
  %t = mpc.truncate %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  return %t : !mpc.add<4, 4>
}

// Two functions one after the other are beside it: digits are joined modulo 2 before.
// CHECK-LABEL: @beside
// CHECK: mpc.read_bits {{.*}}digits = array<i64: 4, 4, 4>
// CHECK: mpc.from_bits {{.*}} -> !mpc.add<4, 1>
// CHECK: mpc.high_bits
func.func @beside(%x: !mpc.add<4, 16>) -> !mpc.add<4, 4> {
  %t = mpc.truncate %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %f = mpc.public_lut %x {values = array<i64: 0, 1, 2, 3, 0, 0, 0, 0>} : (!mpc.add<4, 16>) -> !mpc.add<4, 3>
  %g = mpc.public_lut %f {values = array<i64: 0, 1, 2, 3, 4, 5, 6, 9>} : (!mpc.add<4, 3>) -> !mpc.add<4, 3>
  %h = mpc.public_lut %g {values = array<i64: 0, 1, 2, 3, 4, 5, 6, 9>} : (!mpc.add<4, 3>) -> !mpc.add<4, 4>
  %s = mpc.add %t, %h : (!mpc.add<4, 4>, !mpc.add<4, 4>) -> !mpc.add<4, 4>
  return %s : !mpc.add<4, 4>
}

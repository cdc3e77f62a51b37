// Tests how many digits the policy makes of the low bits, and the rounds in which they are joined.
// RUN: mpcc-opt %s -set-policy=policy=read-joined-last=1 -expand-exact-reads | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=read-digit-bits=8 -expand-exact-reads | FileCheck %s --check-prefix=WIDE

// CHECK-LABEL: @truncated
// CHECK: mpc.resize {{.*}} -> !mpc.rss<4, 12>
// CHECK: mpc.read_bits {{.*}}digits = array<i64: 4, 4, 4>
// CHECK: %[[B:.*]] = mpc.from_bits {{.*}} -> !mpc.add<4, 1>
// CHECK: %[[R:.*]] = mpc.reshape %[[B]]
// CHECK: %[[H:.*]] = mpc.high_bits {{.*}}shift = 12
// CHECK: %[[L:.*]] = mpc.from_bits %[[R]] {coefficients = array<i64: -1>, terms = array<i64: 1>}
// CHECK: mpc.add %[[H]], %[[L]]
// WIDE: digits = array<i64: 6, 6>
func.func @truncated(%x: !mpc.add<4, 16>) -> !mpc.add<4, 4> {
  %y = mpc.truncate %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  return %y : !mpc.add<4, 4>
}

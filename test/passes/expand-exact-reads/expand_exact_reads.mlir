// Tests that a network of few rounds joins digits in the last polynomial, one of few bits narrow ones before it.
// RUN: mpcc-opt "-set-policy=policy=net-rtt=1" -expand-exact-reads %s | FileCheck %s --check-prefix=FAR
// RUN: mpcc-opt "-set-policy=policy=net-rtt=0,net-dealt-bw=1e6" -expand-exact-reads %s | FileCheck %s --check-prefix=NEAR

// FAR-LABEL: @truncated
// FAR: mpc.reshare
// FAR: mpc.resize {{.*}} -> !mpc.rss<4, 12>
// FAR: mpc.read_bits {{.*}}digits = array<i64: 4, 4, 4>
// FAR: mpc.reshare
// FAR-NOT: mpc.reshare
// FAR: mpc.high_bits {{.*}}shift = 12
// FAR: mpc.add
// NEAR: mpc.read_bits {{.*}}digits = array<i64: 3, 3, 3, 3>
// NEAR: mpc.from_bits {{.*}} -> !mpc.add<4, 1>
func.func @truncated(%x: !mpc.add<4, 16>) -> !mpc.add<4, 4> {
  %y = mpc.truncate %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  return %y : !mpc.add<4, 4>
}

// Two functions of the same bits: one read of the digits, opened once.
// FAR-LABEL: @shared
// FAR: mpc.read_bits
// FAR: mpc.reshare
// FAR: mpc.from_bits
// FAR: mpc.from_bits
// FAR-NOT: mpc.read_bits
func.func @shared(%x: !mpc.rss<4, 8>) -> (!mpc.add<4, 8>, !mpc.add<4, 5>) {
  %y = mpc.public_lut %x {values = array<i64: 0, 1, 2, 3, 0, 0, 0, 0>} : (!mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %c = mpc.constant dense<3> : tensor<1xi8> : !mpc.private<1, 5>
  %z = mpc.public_lut %x times %c {values = array<i64: 1, 1, 1, 1, 0, 0, 0, 0>} : (!mpc.rss<4, 8>, !mpc.private<1, 5>) -> !mpc.add<4, 5>
  return %y, %z : !mpc.add<4, 8>, !mpc.add<4, 5>
}

// Tests that a private function reads entries of one dealt table beside each other, and opens no index.
// RUN: mpcc-opt %s -set-policy='policy=net-dealt-bw=100000000' -fuse-extract-lut -expand-exact-reads | FileCheck %s
// RUN: mpcc-opt %s -fuse-extract-lut -expand-exact-reads | FileCheck %s --check-prefix=FAST
// RUN: mpcc-opt %s -fuse-extract-lut -expand-exact-reads -insert-share-conversions -o %t.shares
// RUN: mpcc-run %t.shares --compare %s --most-id 255 --seed 7 --quiet
// RUN: mpcc-run %t.shares --mode random --compare %s --most-id 255 --seed 7 --quiet

// CHECK-COUNT-2: mpc.lut_pair {{.*}} {shift = 5 : i64} : {{.*}} -> !mpc.add<2x3x64, 1>
// CHECK-NOT: mpc.lut{{ }}
// CHECK-NOT: mpc.high_bits
// Material is dear: changes and the borrow, then the bits.
// CHECK: mpc.reshare
// CHECK: mpc.reshare
// CHECK-NOT: mpc.reshare
// CHECK: mpc.from_bits {{.*}} -> !mpc.add<3x64, 16>

// Rounds are: all at once.
// FAST: mpc.reshare
// FAST-NOT: mpc.reshare
// FAST: mpc.from_bits {{.*}} -> !mpc.add<3x64, 16>
// FAST-NOT: mpc.reshare
func.func @f(%x: tensor<3x64xi16> {nn.owner = "data"}) -> tensor<3x64xf32> {
  %a = mpc.input_local %x : tensor<3x64xi16> -> !mpc.add<3x64, 8>
  %t0 = mpc.constant dense<[[0, 1, 0, 0, 1, 0, 1, 1]]> : tensor<1x8xi8> : !mpc.private<1x8, 1>
  %t1 = mpc.constant dense<[[1, 1, 0, 1, 0, 0, 1, 0]]> : tensor<1x8xi8> : !mpc.private<1x8, 1>
  %i = mpc.truncate %a : !mpc.add<3x64, 8> -> !mpc.add<3x64, 3>
  %y = mpc.private_lut %i by %t0, %t1 {least = -2 : i64} : (!mpc.add<3x64, 3>, !mpc.private<1x8, 1>, !mpc.private<1x8, 1>) -> !mpc.add<3x64, 16>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<3x64, 16> -> tensor<3x64xf32>
  return %r : tensor<3x64xf32>
}

// Tests that a staircase in a wide ring is put together bit by bit where material is dear, and at once where rounds are.
// RUN: mpcc-opt %s -set-policy='policy=net-dealt-bw=10000000' -expand-exact-reads | FileCheck %s
// RUN: mpcc-opt %s -expand-exact-reads | FileCheck %s --check-prefix=FAST
// RUN: mpcc-opt %s -set-policy='policy=net-dealt-bw=10000000,read-by-bits=0,read-by-digits=0' -expand-exact-reads | FileCheck %s --check-prefix=FAST
// RUN: mpcc-opt %s -set-policy='policy=net-dealt-bw=10000000,read-by-bits=0' -expand-exact-reads | FileCheck %s --check-prefix=CUT
// RUN: mpcc-opt %s -set-policy='policy=net-dealt-bw=10000000' -expand-exact-reads -insert-share-conversions -o %t.shares
// RUN: mpcc-run %t.shares --compare %s --most-id 255 --seed 7 --quiet
// RUN: mpcc-run %t.shares --mode random --compare %s --most-id 255 --seed 7 --quiet

// Products of planes in one bit each, opened as bits; these alone enter the ring.
// CHECK: mpc.read_bits
// CHECK: mpc.reshare
// CHECK: mpc.from_bits {{.*}} -> !mpc.add<16x64, 1>
// CHECK-NOT: -> !mpc.add<16x64, 40>
// CHECK: mpc.reshare
// CHECK: mpc.from_bits {{.*}} terms = array<i64: 1, 2, 4, 8, 16, 32>} {{.*}} -> !mpc.add<16x64, 40>
// CHECK-NOT: mpc.reshare

// The digit of 6 bits is two of 3; a round tells from both which values it has, and only that and the low digit's planes are opened again.
// CUT: mpc.read_bits {{.*}}digits = array<i64: 3, 3, 2>
// CUT: mpc.reshare
// CUT: mpc.from_bits {{.*}} -> !mpc.add<16x64, 1>
// CUT-NOT: -> !mpc.add<16x64, 40>
// CUT: mpc.reshare {{.*}} : !mpc.add<13x16x64, 1>
// CUT: mpc.from_bits {{.*}} -> !mpc.add<16x64, 40>

// FAST: mpc.read_bits
// FAST: mpc.reshare
// FAST-NOT: mpc.reshare
// FAST-NOT: -> !mpc.add<16x64, 1>
// FAST: mpc.from_bits {{.*}} -> !mpc.add<16x64, 40>
func.func @f(%x: tensor<16x64xi16> {nn.owner = "data"}) -> tensor<16x64xf32> {
  %a = mpc.input_local %x : tensor<16x64xi16> -> !mpc.add<16x64, 8>
  // 2^(x / 4) in units of a quarter, two bits of mantissa.
  %s = mpc.staircase %a {starts = array<i64: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16>, values = array<i64: 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 0>, digit = 2 : i64, origin = 0 : i64} : !mpc.add<16x64, 8> -> !mpc.add<16x64, 40>
  %0 = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<16x64, 40> -> tensor<16x64xf32>
  return %0 : tensor<16x64xf32>
}

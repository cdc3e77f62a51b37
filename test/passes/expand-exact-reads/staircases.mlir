// Tests that staircases of one value share their reads, that powers of two share bits, and what they mean.
// RUN: mpcc-opt %s -expand-exact-reads | FileCheck %s
// RUN: mpcc-opt %s -expand-exact-reads -insert-share-conversions -o %t.shares
// RUN: mpcc-run %t.shares --compare %s --most-id 255 --seed 7 --quiet
// RUN: mpcc-run %t.shares --mode random --compare %s --most-id 255 --seed 7 --quiet

// One read, whatever the order of its bits.
// CHECK-LABEL: @f
// CHECK: mpc.read_bits {{.*}} {digits = array<i64: 4, 4>, reads = array<i64: {{[01](, [01])*}}>
// CHECK-NOT: mpc.read_bits
// CHECK: mpc.from_bits {{.*}} -> !mpc.add<3x4, 6>
// CHECK: mpc.from_bits {{.*}} -> !mpc.add<3x4, 16>
func.func @f(%x: tensor<3x4xi16> {nn.owner = "data"}) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  %a = mpc.input_local %x : tensor<3x4xi16> -> !mpc.add<3x4, 8>
  %s = mpc.staircase %a {starts = array<i64: 16, 64>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3x4, 8> -> !mpc.add<3x4, 6>
  %0 = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<3x4, 6> -> tensor<3x4xf32>
  // 1, 2 and 3, 4 and 6: two steps a cell.
  %e = mpc.staircase %a {starts = array<i64: 0, 16, 24, 32, 40, 48>, values = array<i64: 1, 2, 3, 4, 6, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3x4, 8> -> !mpc.add<3x4, 16>
  %1 = mpc.reveal %e {fraction_bits = 0 : i64} : !mpc.add<3x4, 16> -> tensor<3x4xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<3x4xf32>
}

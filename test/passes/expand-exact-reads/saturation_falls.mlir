// Tests that a normalized row before 4 bits is read by digits in as many rounds as by one vector of its
// index, and that a third of what is dealt is saved.
// RUN: mpcc-opt %s -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=read-by-digits=0 -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s --check-prefix=WHOLE

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 3, {{[^>]*}}material_bytes = 591360>
// CHECK: mpc.read_bits {{.*}}digits = array<i64: 5, 3, 5, 5, 5, 5, 4>
// WHOLE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 3, {{[^>]*}}material_bytes = 870912>
// WHOLE: mpc.read_bits {{.*}}digits = array<i64: 8, 5, 5, 5, 5, 4>
func.func @f(%x: !mpc.add<12288, 32>) -> !mpc.add<12288, 16> {
  %y = mpc.saturate %x {bits = 8 : i64, least = -8 : i64, most = 7 : i64} : (!mpc.add<12288, 32>) -> !mpc.add<12288, 16>
  return %y : !mpc.add<12288, 16>
}

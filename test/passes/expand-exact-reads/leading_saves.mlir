// Tests that a function of leading bits takes a round less where its last polynomial joins several digits of the borrow, and deals more.
// RUN: mpcc-opt %s -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=leading-joined=1 -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s --check-prefix=ONE

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 2, {{[^>]*}}material_bytes = 71096>
// ONE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 3, {{[^>]*}}material_bytes = 26688>
func.func @f(%x: !mpc.add<64, 24>) -> !mpc.add<64, 30> {
  %y = mpc.leading_lut %x {index = 3 : i64, gap = 2 : i64, values = array<i64: 0, 0, 2, 3, 4, 5, 6, 7, 0, 0, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27>} : !mpc.add<64, 24> -> !mpc.add<64, 30>
  return %y : !mpc.add<64, 30>
}

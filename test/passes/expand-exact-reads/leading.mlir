// Tests that all levels of a function of leading bits read one opening, and that one polynomial for each case joins the bits that decide and the borrow: no round is for them.
// RUN: mpcc-opt %s -expand-exact-reads -insert-share-conversions -merge-openings=report 2>&1 | FileCheck %s

// CHECK: remark: {{.*}} 2 after, 2 of them two-way rounds
// CHECK-LABEL: @leading
// CHECK: mpc.reshare %arg0
// CHECK-COUNT-3: mpc.read_bits
// CHECK: mpc.reshare
// CHECK-NOT: mpc.reshare
// CHECK-COUNT-10: mpc.from_bits {{.*}} -> !mpc.add<2, 30>
func.func @leading(%x: !mpc.add<2, 24>) -> !mpc.add<2, 30> {
  %y = mpc.leading_lut %x {index = 3 : i64, gap = 2 : i64, values = array<i64: 0, 0, 2, 3, 4, 5, 6, 7, 0, 0, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27>} : !mpc.add<2, 24> -> !mpc.add<2, 30>
  return %y : !mpc.add<2, 30>
}

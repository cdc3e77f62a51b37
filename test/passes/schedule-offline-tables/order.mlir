// Tests that deals are sorted by use online, masks moved to their first use, and vectors packed on 8-byte boundaries.
// RUN: mpcc-opt %s -schedule-offline-tables | FileCheck %s

func.func @f(%a: !mpc.add<3, 4>, %b: !mpc.add<3, 4>) -> (!mpc.add<3, 5>, !mpc.add<3, 4>) attributes {mpc.offline = @g} {
  %x, %y = mpc.reshare %a, %b {streams = array<i64: 0, 1>} : !mpc.add<3, 4>, !mpc.add<3, 4> -> !mpc.rss<3, 4>, !mpc.rss<3, 4>
  %w = mpc.wrap %x {streams = array<i64: 2, 3>} : !mpc.rss<3, 4> -> !mpc.add<3, 5>
  %p = mpc.product %x, %y {streams = array<i64: 4, 5, 6>} : (!mpc.rss<3, 4>, !mpc.rss<3, 4>) -> !mpc.add<3, 4>
  return %w, %p : !mpc.add<3, 5>, !mpc.add<3, 4>
}

// CHECK-LABEL: func.func private @g()
// CHECK-SAME: mpc.material_bytes = 40
// CHECK-NEXT: %[[X:.*]] = mpc.draw_mask {streams = array<i64: 0>}
// CHECK-NEXT: mpc.deal "wrap" %[[X]] {mpc.offsets = array<i64: 0, 8>
// CHECK-NEXT: %[[Y:.*]] = mpc.draw_mask {streams = array<i64: 1>}
// CHECK-NEXT: mpc.deal "product" %[[X]], %[[Y]] {mpc.offsets = array<i64: 16, 24, 32>
// CHECK-NEXT: return
func.func private @g() attributes {mpc.online = @f} {
  %y = mpc.draw_mask {streams = array<i64: 1>} : !mpc.mask<3, 4>
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  mpc.deal "product" %x, %y {params = {}, result_type = !mpc.add<3, 4>, streams = array<i64: 4, 5, 6>} : !mpc.mask<3, 4>, !mpc.mask<3, 4>
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64: 2, 3>} : !mpc.mask<3, 4>
  return
}

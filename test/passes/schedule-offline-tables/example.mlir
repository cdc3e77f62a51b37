// Tests that deals come into the order of their use online and their vectors get places in the material.
// RUN: mpcc-opt %s -schedule-offline-tables | FileCheck %s

func.func @f(%x: !mpc.rss<3, 4>) -> (!mpc.add<3, 5>, !mpc.add<3, 4>) attributes {mpc.offline = @g} {
  %w = mpc.wrap %x {streams = array<i64: 1, 2>} : !mpc.rss<3, 4> -> !mpc.add<3, 5>
  %p = mpc.product %x {streams = array<i64: 3>} : (!mpc.rss<3, 4>) -> !mpc.add<3, 4>
  return %w, %p : !mpc.add<3, 5>, !mpc.add<3, 4>
}

// CHECK-LABEL: @g()
// CHECK-SAME: mpc.material_bytes = 24
// CHECK: mpc.deal "wrap" {{.*}}mpc.offsets = array<i64: 0, 8>
// CHECK: mpc.deal "product" {{.*}}mpc.offsets = array<i64: 16>
func.func private @g() attributes {mpc.online = @f} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  mpc.deal "product" %x {params = {}, result_type = !mpc.add<3, 4>, streams = array<i64: 3>} : !mpc.mask<3, 4>
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64: 1, 2>} : !mpc.mask<3, 4>
  return
}

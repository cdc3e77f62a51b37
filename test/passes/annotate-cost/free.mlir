// Tests that local operations cost nothing and that P0's function is left alone.
// RUN: mpcc-opt %s -annotate-cost | FileCheck %s

// CHECK-LABEL: func.func @local(
// CHECK-SAME: mpc.cost = #mpc.cost<>
// CHECK-NEXT: mpc.extract %{{.*}} {mpc.layer = 0 : i64}
func.func @local(%a: !mpc.add<4, 8>) -> !mpc.add<4, 4> {
  %b = mpc.extract %a : !mpc.add<4, 8> -> !mpc.add<4, 4>
  return %b : !mpc.add<4, 4>
}

// CHECK-LABEL: func.func private @g()
// CHECK-NOT: mpc.layer
func.func private @g() attributes {mpc.online = @local} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  return
}

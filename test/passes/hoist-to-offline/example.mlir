// Tests that P0's mask, table and dealing move to a function of its own, linked to the online one by stream numbers.
// RUN: mpcc-opt %s -hoist-to-offline | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK: %[[T:.*]] = mpc.sealed
// CHECK: %[[M:.*]] = mpc.reshare %{{.*}} {streams = array<i64: 0>}
// CHECK: mpc.lut %[[M]], %[[T]] {shift = 0 : i64, streams = array<i64: 1>}
// CHECK-LABEL: func.func private @f_offline()
// CHECK: %[[L:.*]] = mpc.draw_mask {streams = array<i64: 0>}
// CHECK: mpc.deal "lut" %[[L]], %{{.*}} streams = array<i64: 1>
func.func @f(%a: !mpc.add<1x4, 2>) -> !mpc.add<1x4, 8> {
  %t = mpc.constant dense<[[4, 3, 2, 1]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  %m = mpc.reshare %a : !mpc.add<1x4, 2> -> !mpc.rss<1x4, 2>
  %r = mpc.lut %m, %t {shift = 0 : i64} : (!mpc.rss<1x4, 2>, !mpc.private<1x4, 8>) -> !mpc.add<1x4, 8>
  return %r : !mpc.add<1x4, 8>
}

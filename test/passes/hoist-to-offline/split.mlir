// Tests that P0's work moves to a function of its own and the online one keeps no private value.
// RUN: mpcc-opt %s -hoist-to-offline | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK-SAME: mpc.offline = @f_offline
// CHECK-NOT: mpc.constant
// CHECK: %[[T:.*]] = mpc.sealed : !mpc.private<1x256, 16>
// CHECK: %[[M:.*]]:2 = mpc.reshare %{{.*}} {streams = array<i64: 0, 1>}
// CHECK: mpc.lut %[[M]]#0, %[[T]] {shift = 0 : i64, streams = array<i64: 2>}
// CHECK: mpc.wrap %{{.*}} {streams = array<i64: 3, 4>}

// CHECK-LABEL: func.func private @f_offline()
// CHECK-SAME: mpc.online = @f
// CHECK-NEXT: %[[T:.*]] = mpc.constant dense<1>
// CHECK-NEXT: %[[A:.*]] = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<1x4, 8>
// CHECK-NEXT: %[[B:.*]] = mpc.draw_mask {streams = array<i64: 1>} : !mpc.mask<1x4, 8>
// CHECK-NEXT: mpc.deal "lut" %[[A]], %[[T]] {params = {shift = 0 : i64}, result_type = !mpc.add<1x4, 16>, streams = array<i64: 2>}
// CHECK-NEXT: %[[S:.*]] = mpc.add %[[A]], %[[B]] : (!mpc.mask<1x4, 8>, !mpc.mask<1x4, 8>) -> !mpc.mask<1x4, 8>
// CHECK-NEXT: mpc.deal "wrap" %[[S]] {{.*}}streams = array<i64: 3, 4>
// CHECK-NEXT: return
func.func @f(%a: !mpc.add<1x4, 8>, %b: !mpc.add<1x4, 8>) -> (!mpc.add<1x4, 16>, !mpc.add<1x4, 8>) {
  %t = mpc.constant dense<1> : tensor<1x256xi16> : !mpc.private<1x256, 16>
  %x, %y = mpc.reshare %a, %b : !mpc.add<1x4, 8>, !mpc.add<1x4, 8> -> !mpc.rss<1x4, 8>, !mpc.rss<1x4, 8>
  %r = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<1x4, 8>, !mpc.private<1x256, 16>) -> !mpc.add<1x4, 16>
  %s = mpc.add %x, %y : (!mpc.rss<1x4, 8>, !mpc.rss<1x4, 8>) -> !mpc.rss<1x4, 8>
  %p = mpc.add_public %s, 3 : !mpc.rss<1x4, 8>
  %w = mpc.wrap %p : !mpc.rss<1x4, 8> -> !mpc.add<1x4, 8>
  return %r, %w : !mpc.add<1x4, 16>, !mpc.add<1x4, 8>
}

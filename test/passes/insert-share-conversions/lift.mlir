// Tests that a lift opens the wire once and its wrap count in the width gained.
// RUN: mpcc-opt %s -insert-share-conversions | FileCheck %s

// CHECK-LABEL: @signed_lift
func.func @signed_lift(%x: !mpc.add<4, 6>) -> !mpc.rss<4, 16> {
  // CHECK-NEXT: %[[M:.*]] = mpc.reshare %arg0 : !mpc.add<4, 6>
  // CHECK-NEXT: %[[P:.*]] = mpc.add_public %[[M]], 16
  // CHECK-NEXT: %[[W:.*]] = mpc.wrap %[[P]] : !mpc.rss<4, 6> -> !mpc.add<4, 10>
  // CHECK-NEXT: %[[Z:.*]] = mpc.reshare %[[W]] : !mpc.add<4, 10>
  // CHECK-NEXT: %[[J:.*]] = mpc.join %[[P]], %[[Z]]
  // CHECK-NEXT: mpc.add_public %[[J]], -16 : !mpc.rss<4, 16>
  %y = mpc.lift %x : !mpc.add<4, 6> -> !mpc.rss<4, 16>
  return %y : !mpc.rss<4, 16>
}

// CHECK-LABEL: @unsigned_lift
func.func @unsigned_lift(%x: !mpc.add<4, 6>) -> !mpc.rss<4, 16> {
  // CHECK-NOT: mpc.add_public
  // CHECK: mpc.join
  %y = mpc.lift %x unsigned : !mpc.add<4, 6> -> !mpc.rss<4, 16>
  return %y : !mpc.rss<4, 16>
}

// One opening of the wire for the table and the lift, one wrap count for both lifts.
// CHECK-LABEL: @lift_shares_the_opening
func.func @lift_shares_the_opening(%x: !mpc.add<4, 6>, %t: !mpc.private<1x64, 8>) -> (!mpc.add<4, 8>, !mpc.rss<4, 12>, !mpc.rss<4, 16>) {
  // CHECK-NEXT: %[[M:.*]] = mpc.reshare %arg0 : !mpc.add<4, 6>
  // CHECK-NEXT: mpc.lut %[[M]]
  // CHECK: mpc.reshare {{.*}} : !mpc.add<4, 10>
  // CHECK-NOT: mpc.reshare
  // CHECK: mpc.resize {{.*}} : !mpc.rss<4, 16> -> !mpc.rss<4, 12>
  %l = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.add<4, 6>, !mpc.private<1x64, 8>) -> !mpc.add<4, 8>
  %y = mpc.lift %x : !mpc.add<4, 6> -> !mpc.rss<4, 12>
  %z = mpc.lift %x : !mpc.add<4, 6> -> !mpc.rss<4, 16>
  return %l, %y, %z : !mpc.add<4, 8>, !mpc.rss<4, 12>, !mpc.rss<4, 16>
}

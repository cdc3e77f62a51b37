// Tests that chains of one local operation become one and that openings without readers disappear.
// RUN: mpcc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: @sums
func.func @sums(%x: !mpc.add<4, 8>) -> (!mpc.add<4, 8>, !mpc.add<4, 8>) {
  // CHECK-NEXT: %[[S:.*]] = mpc.add_public %arg0, 5
  %a = mpc.add_public %x, 2 : !mpc.add<4, 8>
  %b = mpc.add_public %a, 3 : !mpc.add<4, 8>
  %c = mpc.add_public %b, -5 : !mpc.add<4, 8>
  // CHECK-NEXT: return %[[S]], %arg0
  return %b, %c : !mpc.add<4, 8>, !mpc.add<4, 8>
}

// CHECK-LABEL: @views
func.func @views(%x: !mpc.rss<2x3x4, 8>) -> (!mpc.rss<24, 8>, !mpc.rss<2x3x4, 8>, !mpc.rss<1x1x2, 8>) {
  // CHECK-DAG: mpc.reshape %arg0 : !mpc.rss<2x3x4, 8> -> !mpc.rss<24, 8>
  %a = mpc.reshape %x : !mpc.rss<2x3x4, 8> -> !mpc.rss<6x4, 8>
  %b = mpc.reshape %a : !mpc.rss<6x4, 8> -> !mpc.rss<24, 8>
  // CHECK-NOT: mpc.transpose
  %c = mpc.transpose %x [1, 2, 0] : !mpc.rss<2x3x4, 8> -> !mpc.rss<3x4x2, 8>
  %d = mpc.transpose %c [2, 0, 1] : !mpc.rss<3x4x2, 8> -> !mpc.rss<2x3x4, 8>
  // CHECK-DAG: mpc.slice %arg0 [1, 2, 1]
  %e = mpc.slice %x [1, 1, 0] : !mpc.rss<2x3x4, 8> -> !mpc.rss<1x2x4, 8>
  %f = mpc.slice %e [0, 1, 1] : !mpc.rss<1x2x4, 8> -> !mpc.rss<1x1x2, 8>
  return %b, %d, %f : !mpc.rss<24, 8>, !mpc.rss<2x3x4, 8>, !mpc.rss<1x1x2, 8>
}

// CHECK-LABEL: @openings
func.func @openings(%x: !mpc.add<4, 8>, %y: !mpc.add<4, 8>) -> (!mpc.rss<4, 8>, !mpc.rss<4, 8>) {
  // CHECK-NEXT: %[[M:.*]] = mpc.reshare %arg0 : !mpc.add<4, 8>
  %m:3 = mpc.reshare %x, %y, %x : !mpc.add<4, 8>, !mpc.add<4, 8>, !mpc.add<4, 8> -> !mpc.rss<4, 8>, !mpc.rss<4, 8>, !mpc.rss<4, 8>
  %n = mpc.reshare %y : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  // CHECK-NEXT: return %[[M]], %[[M]]
  return %m#0, %m#2 : !mpc.rss<4, 8>, !mpc.rss<4, 8>
}

// CHECK-LABEL: @adjoining_slices
func.func @adjoining_slices(%x: !mpc.rss<5x4, 1>) -> (!mpc.rss<3x4, 1>, !mpc.rss<2x4, 1>) {
  %a = mpc.slice %x [1, 0] : !mpc.rss<5x4, 1> -> !mpc.rss<2x4, 1>
  %b = mpc.slice %x [3, 0] : !mpc.rss<5x4, 1> -> !mpc.rss<1x4, 1>
  // CHECK-DAG: mpc.slice %arg0 [1, 0] : !mpc.rss<5x4, 1> -> !mpc.rss<3x4, 1>
  %c = mpc.concat %a, %b {axis = 0 : i64} : (!mpc.rss<2x4, 1>, !mpc.rss<1x4, 1>) -> !mpc.rss<3x4, 1>
  // CHECK-DAG: mpc.concat
  %d = mpc.slice %x [0, 0] : !mpc.rss<5x4, 1> -> !mpc.rss<1x4, 1>
  %e = mpc.concat %b, %d {axis = 0 : i64} : (!mpc.rss<1x4, 1>, !mpc.rss<1x4, 1>) -> !mpc.rss<2x4, 1>
  return %c, %e : !mpc.rss<3x4, 1>, !mpc.rss<2x4, 1>
}

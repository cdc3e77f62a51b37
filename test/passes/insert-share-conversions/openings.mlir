// Tests that a wire is opened once for all its readers, and free functions of it are read off.
// RUN: mpcc-opt %s -insert-share-conversions | FileCheck %s

// CHECK-LABEL: @one_opening_for_all_readers
func.func @one_opening_for_all_readers(%x: !mpc.add<2x4, 8>, %t: !mpc.private<1x256, 8>) -> (!mpc.add<2x1, 8>, !mpc.add<2x4, 8>) {
  // CHECK-NEXT: %[[M:.*]] = mpc.reshare %arg0
  // CHECK-NEXT: mpc.dot %[[M]], %[[M]]
  // CHECK-NEXT: mpc.lut %[[M]]
  %d = mpc.dot %x, %x : (!mpc.add<2x4, 8>, !mpc.add<2x4, 8>) -> !mpc.add<2x1, 8>
  %l = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.add<2x4, 8>, !mpc.private<1x256, 8>) -> !mpc.add<2x4, 8>
  return %d, %l : !mpc.add<2x1, 8>, !mpc.add<2x4, 8>
}

// CHECK-LABEL: @views_share_the_opening
func.func @views_share_the_opening(%x: !mpc.add<2x4, 8>) -> !mpc.add<1x4x4, 8> {
  // CHECK-NEXT: %[[M:.*]] = mpc.reshare %arg0
  // CHECK-NEXT: %[[A:.*]] = mpc.reshape %[[M]] : !mpc.rss<2x4, 8> -> !mpc.rss<1x2x4, 8>
  // CHECK-NEXT: %[[B:.*]] = mpc.add_public %[[A]], 3
  // CHECK-NEXT: %[[C:.*]] = mpc.transpose %[[A]] [0, 2, 1]
  // CHECK-NEXT: mpc.matmul %[[C]], %[[B]]
  %a = mpc.reshape %x : !mpc.add<2x4, 8> -> !mpc.add<1x2x4, 8>
  %b = mpc.add_public %a, 3 : !mpc.add<1x2x4, 8>
  %c = mpc.transpose %a [0, 2, 1] : !mpc.add<1x2x4, 8> -> !mpc.add<1x4x2, 8>
  %y = mpc.matmul %c, %b : (!mpc.add<1x4x2, 8>, !mpc.add<1x2x4, 8>) -> !mpc.add<1x4x4, 8>
  return %y : !mpc.add<1x4x4, 8>
}

// The narrow residue is read off the wide opening; alone, it is opened narrow.
// CHECK-LABEL: @narrow_views
func.func @narrow_views(%x: !mpc.add<4, 16>, %y: !mpc.add<4, 16>, %t: !mpc.private<1x16, 8>) -> (!mpc.add<4, 16>, !mpc.add<4, 8>, !mpc.add<4, 8>) {
  // CHECK-DAG: %[[X:.*]] = mpc.reshare %arg0 : !mpc.add<4, 16>
  // CHECK-DAG: %[[XR:.*]] = mpc.resize %[[X]] : !mpc.rss<4, 16> -> !mpc.rss<4, 4>
  // CHECK-DAG: %[[YR:.*]] = mpc.resize %arg1 : !mpc.add<4, 16> -> !mpc.add<4, 4>
  // CHECK-DAG: %[[Y:.*]] = mpc.reshare %[[YR]] : !mpc.add<4, 4>
  // CHECK-NOT: mpc.reshare
  %s = mpc.product %x, %x : (!mpc.add<4, 16>, !mpc.add<4, 16>) -> !mpc.add<4, 16>
  %a = mpc.resize %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %b = mpc.resize %y : !mpc.add<4, 16> -> !mpc.add<4, 4>
  // CHECK: mpc.lut %[[XR]]
  %p = mpc.lut %a, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  // CHECK: mpc.lut %[[Y]]
  %q = mpc.lut %b, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  return %s, %p, %q : !mpc.add<4, 16>, !mpc.add<4, 8>, !mpc.add<4, 8>
}

// CHECK-LABEL: @replicated_needs_no_opening
func.func @replicated_needs_no_opening(%x: !mpc.rss<4, 8>) -> !mpc.add<4, 8> {
  // CHECK-NOT: mpc.reshare
  // CHECK: mpc.product %arg0, %arg0
  %a = mpc.open_free %x : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  %y = mpc.product %x, %a : (!mpc.rss<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// CHECK-LABEL: @mixed_sum_is_additive
func.func @mixed_sum_is_additive(%x: !mpc.add<4, 8>, %y: !mpc.rss<4, 8>) -> (!mpc.add<4, 8>, !mpc.rss<4, 8>) {
  // CHECK-NEXT: %[[Y:.*]] = mpc.open_free %arg1
  // CHECK-NEXT: mpc.sub %arg0, %[[Y]]
  %a = mpc.sub %x, %y : (!mpc.add<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  // CHECK-NEXT: mpc.add %arg1, %arg1 : (!mpc.rss<4, 8>, !mpc.rss<4, 8>)
  %b = mpc.add %y, %y : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.rss<4, 8>
  return %a, %b : !mpc.add<4, 8>, !mpc.rss<4, 8>
}

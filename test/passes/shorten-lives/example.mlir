// Tests that each row is summed before the next one's products are made.
// RUN: mpcc-opt %s -shorten-lives | FileCheck %s

// CHECK-LABEL: @rows
// CHECK: %[[P:.*]] = mpc.product %arg0, %arg0
// CHECK-NEXT: %[[R:.*]] = mpc.row_sum %[[P]]
// CHECK-NEXT: %[[Q:.*]] = mpc.product %arg1, %arg1
// CHECK-NEXT: %[[S:.*]] = mpc.row_sum %[[Q]]
// CHECK-NEXT: mpc.reshare %[[R]], %[[S]]
func.func @rows(%a: !mpc.rss<4x8, 16>, %b: !mpc.rss<4x8, 16>) -> (!mpc.rss<4x1, 16>, !mpc.rss<4x1, 16>) {
  %p = mpc.product %a, %a : (!mpc.rss<4x8, 16>, !mpc.rss<4x8, 16>) -> !mpc.add<4x8, 16>
  %q = mpc.product %b, %b : (!mpc.rss<4x8, 16>, !mpc.rss<4x8, 16>) -> !mpc.add<4x8, 16>
  %r = mpc.row_sum %p : !mpc.add<4x8, 16> -> !mpc.add<4x1, 16>
  %s = mpc.row_sum %q : !mpc.add<4x8, 16> -> !mpc.add<4x1, 16>
  %x:2 = mpc.reshare %r, %s : !mpc.add<4x1, 16>, !mpc.add<4x1, 16> -> !mpc.rss<4x1, 16>, !mpc.rss<4x1, 16>
  return %x#0, %x#1 : !mpc.rss<4x1, 16>, !mpc.rss<4x1, 16>
}

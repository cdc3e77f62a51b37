// Tests that two openings that do not wait for each other share a round.
// RUN: mpcc-opt %s -merge-openings | FileCheck %s

// CHECK-LABEL: @product
// CHECK: %[[M:.*]]:2 = mpc.reshare %arg0, %arg1
// CHECK: %[[P:.*]] = mpc.product %[[M]]#0, %[[M]]#1
// CHECK: mpc.reshare %[[P]]
func.func @product(%a: !mpc.add<4, 8>, %b: !mpc.add<4, 8>) -> !mpc.rss<4, 8> {
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %y = mpc.reshare %b : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %p = mpc.product %x, %y : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %z = mpc.reshare %p : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %z : !mpc.rss<4, 8>
}

// Tests that an opening costs a round and two messages, and a product what P0 deals for it.
// RUN: mpcc-opt %s -annotate-cost | FileCheck %s

// CHECK-LABEL: @square
// CHECK-SAME: mpc.cost = #mpc.cost<rounds = 1, {{.*}}material_bytes = 8>
// CHECK: mpc.reshare {{.*}} {mpc.cost = #mpc.cost<rounds = 1, {{.*}}bytes_p1_to_p2 = 4, bytes_p2_to_p1 = 4>
// CHECK: mpc.product {{.*}} {mpc.cost = #mpc.cost<material_bytes = 8>
func.func @square(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %y = mpc.product %x : (!mpc.rss<4, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// Tests that of several free slots the smallest that fits is taken, and that unused results free theirs at once.
// RUN: mpcc-opt %s -plan-buffers | FileCheck %s

// CHECK-LABEL: func.func @best_fit(
// CHECK-SAME: mpc.argument_slots = array<i64: 0, 1>
// CHECK: %[[S:.*]] = mpc.add %{{.*}} {mpc.slots = array<i64: 2>}
// CHECK: mpc.sub %{{.*}} {mpc.slots = array<i64: 3>}
// CHECK: mpc.slice %[[S]] {{.*}} {mpc.slots = array<i64: 1>}
func.func @best_fit(%a: !mpc.add<640, 8>, %b: !mpc.add<1, 8>) -> !mpc.add<1, 8> {
  %s = mpc.add %a, %b : (!mpc.add<640, 8>, !mpc.add<1, 8>) -> !mpc.add<640, 8>
  %unused = mpc.sub %a, %b : (!mpc.add<640, 8>, !mpc.add<1, 8>) -> !mpc.add<640, 8>
  %o = mpc.slice %s [0] : !mpc.add<640, 8> -> !mpc.add<1, 8>
  return %o : !mpc.add<1, 8>
}

// Tests that the slot of the argument serves again once the argument is dead.
// RUN: mpcc-opt %s -plan-buffers | FileCheck %s

// CHECK-LABEL: @chain
// CHECK-SAME: mpc.argument_slots = array<i64: 0>
// CHECK: mpc.mul_public {{.*}} {mpc.slots = array<i64: 1>}
// CHECK: mpc.mul_public {{.*}} {mpc.slots = array<i64: 0>}
func.func @chain(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %b = mpc.mul_public %a, 3 : !mpc.add<4, 8>
  %c = mpc.mul_public %b, 2 : !mpc.add<4, 8>
  return %c : !mpc.add<4, 8>
}

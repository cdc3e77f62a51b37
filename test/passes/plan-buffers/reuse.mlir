// Tests that slots of dead wires are reused, never those of an operation's own operands, and that a last reshape stays in place.
// RUN: mpcc-opt %s -plan-buffers | FileCheck %s

// CHECK-LABEL: func.func @chain(
// CHECK-SAME: mpc.argument_slots = array<i64: 0>
// CHECK: mpc.add_public %{{.*}} {mpc.slots = array<i64: 1>}
// CHECK: mpc.mul_public %{{.*}} {mpc.slots = array<i64: 0>}
// CHECK: mpc.add_public %{{.*}} {mpc.slots = array<i64: 1>}
func.func @chain(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %b = mpc.add_public %a, 1 : !mpc.add<4, 8>
  %c = mpc.mul_public %b, 2 : !mpc.add<4, 8>
  %d = mpc.add_public %c, 3 : !mpc.add<4, 8>
  return %d : !mpc.add<4, 8>
}

// CHECK-LABEL: func.func @reshapes(
// CHECK: mpc.reshape %arg0 {mpc.slots = array<i64: 1>}
// CHECK: mpc.reshape %arg0 {mpc.slots = array<i64: 0>}
func.func @reshapes(%a: !mpc.add<4, 8>) -> (!mpc.add<2x2, 8>, !mpc.add<1x4, 8>) {
  %b = mpc.reshape %a : !mpc.add<4, 8> -> !mpc.add<2x2, 8>
  %c = mpc.reshape %a : !mpc.add<4, 8> -> !mpc.add<1x4, 8>
  return %b, %c : !mpc.add<2x2, 8>, !mpc.add<1x4, 8>
}

// Small wires lie where large ones have been or will be; a constant's slot is its own.
// CHECK-LABEL: func.func @sizes(
// CHECK-SAME: mpc.argument_slots = array<i64: 0, 1>
// CHECK: mpc.add_public %arg0, {{.*}}mpc.slots = array<i64: 2>
// CHECK: mpc.add_public %arg1, {{.*}}mpc.slots = array<i64: 0>
// CHECK: nn.constant {{.*}}mpc.slots = array<i64: 3>
// CHECK: mpc.add_public %{{.*}}mpc.slots = array<i64: 1>
func.func @sizes(%a: !mpc.add<4, 8>, %w: !mpc.add<4, 64>) -> (!mpc.add<4, 8>, !mpc.add<4, 64>) {
  %b = mpc.add_public %a, 1 : !mpc.add<4, 8>
  %c = mpc.add_public %w, 2 : !mpc.add<4, 64>
  %k = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %d = mpc.add_public %b, 3 : !mpc.add<4, 8>
  return %d, %c : !mpc.add<4, 8>, !mpc.add<4, 64>
}

// A reshape of a constant is no constant: it has memory, and the constant none.
// CHECK-LABEL: func.func @constant(
// CHECK: nn.constant {{.*}}mpc.slots = array<i64: 0>
// CHECK: nn.reshape {{.*}}mpc.slots = array<i64: 1>
func.func @constant() -> tensor<2x2xf32> {
  %k = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %r = nn.reshape %k : tensor<4xf32> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

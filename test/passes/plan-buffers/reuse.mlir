// Tests that slots of dead wires are reused, never those of an operation's own operands, and that a last reshape or sum with a public number stays in place.
// RUN: mpcc-opt %s -plan-buffers | FileCheck %s

// CHECK-LABEL: func.func @chain(
// CHECK-SAME: mpc.argument_slots = array<i64: 0>
// CHECK: mpc.mul_public %{{.*}} {mpc.slots = array<i64: 1>}
// CHECK: mpc.mul_public %{{.*}} {mpc.slots = array<i64: 0>}
// CHECK: mpc.mul_public %{{.*}} {mpc.slots = array<i64: 1>}
func.func @chain(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %b = mpc.mul_public %a, 3 : !mpc.add<4, 8>
  %c = mpc.mul_public %b, 2 : !mpc.add<4, 8>
  %d = mpc.mul_public %c, 3 : !mpc.add<4, 8>
  return %d : !mpc.add<4, 8>
}

// CHECK-LABEL: func.func @sums(
// CHECK: mpc.add_public %arg0, 1 {mpc.slots = array<i64: 1>}
// CHECK: mpc.add_public %arg0, 2 {mpc.slots = array<i64: 0>}
func.func @sums(%a: !mpc.rss<4, 8>) -> (!mpc.rss<4, 8>, !mpc.rss<4, 8>) {
  %b = mpc.add_public %a, 1 : !mpc.rss<4, 8>
  %c = mpc.add_public %a, 2 : !mpc.rss<4, 8>
  return %b, %c : !mpc.rss<4, 8>, !mpc.rss<4, 8>
}

// CHECK-LABEL: func.func @reshapes(
// CHECK: mpc.reshape %arg0 {mpc.slots = array<i64: 1>}
// CHECK: mpc.reshape %arg0 {mpc.slots = array<i64: 0>}
func.func @reshapes(%a: !mpc.add<4, 8>) -> (!mpc.add<2x2, 8>, !mpc.add<1x4, 8>) {
  %b = mpc.reshape %a : !mpc.add<4, 8> -> !mpc.add<2x2, 8>
  %c = mpc.reshape %a : !mpc.add<4, 8> -> !mpc.add<1x4, 8>
  return %b, %c : !mpc.add<2x2, 8>, !mpc.add<1x4, 8>
}

// CHECK-LABEL: func.func @chain_of_reshapes(
// CHECK-COUNT-3: mpc.reshape %{{.*}} {mpc.slots = array<i64: 0>}
func.func @chain_of_reshapes(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %b = mpc.reshape %a : !mpc.add<4, 8> -> !mpc.add<2x2, 8>
  %c = mpc.reshape %b : !mpc.add<2x2, 8> -> !mpc.add<1x4, 8>
  %d = mpc.reshape %c : !mpc.add<1x4, 8> -> !mpc.add<4, 8>
  return %d : !mpc.add<4, 8>
}

// Small wires lie where large ones have been or will be; a constant's slot is its own.
// CHECK-LABEL: func.func @sizes(
// CHECK-SAME: mpc.argument_slots = array<i64: 0, 1>
// CHECK: mpc.mul_public %arg0, {{.*}}mpc.slots = array<i64: 2>
// CHECK: mpc.mul_public %arg1, {{.*}}mpc.slots = array<i64: 0>
// CHECK: nn.constant {{.*}}mpc.slots = array<i64: 3>
// CHECK: mpc.mul_public %{{.*}}mpc.slots = array<i64: 1>
func.func @sizes(%a: !mpc.add<400, 8>, %w: !mpc.add<400, 64>) -> (!mpc.add<400, 8>, !mpc.add<400, 64>) {
  %b = mpc.mul_public %a, 1 : !mpc.add<400, 8>
  %c = mpc.mul_public %w, 2 : !mpc.add<400, 64>
  %k = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %d = mpc.mul_public %b, 3 : !mpc.add<400, 8>
  return %d, %c : !mpc.add<400, 8>, !mpc.add<400, 64>
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

// A component takes a multiple of 64 bytes: two of one element are larger than one of 40.
// CHECK-LABEL: func.func @aligned(
// CHECK-SAME: mpc.argument_slots = array<i64: 0, 1, 2>
// CHECK: mpc.slice {{.*}}mpc.slots = array<i64: 3>
// CHECK: mpc.open_free {{.*}}mpc.slots = array<i64: 1>
// CHECK: mpc.mul_public {{.*}}mpc.slots = array<i64: 0>
func.func @aligned(%x: !mpc.rss<1, 8>, %y: !mpc.add<40, 8>, %k: !mpc.rss<4, 8>)
    -> (!mpc.add<1, 8>, !mpc.add<1, 8>, !mpc.rss<4, 8>) {
  %s = mpc.slice %y [0] : !mpc.add<40, 8> -> !mpc.add<1, 8>
  %t = mpc.open_free %x : !mpc.rss<1, 8> -> !mpc.add<1, 8>
  %w = mpc.mul_public %k, 1 : !mpc.rss<4, 8>
  return %s, %t, %w : !mpc.add<1, 8>, !mpc.add<1, 8>, !mpc.rss<4, 8>
}

// P1's plaintext has no part in where shares lie, as if it were not there: it takes what they leave.
// CHECK-LABEL: func.func @plaintext(
// CHECK-SAME: mpc.argument_slots = array<i64: 0, 1>
// CHECK: mpc.mul_public {{.*}}mpc.slots = array<i64: 2>
// CHECK: mpc.mul_public {{.*}}mpc.slots = array<i64: 3>
// CHECK: mpc.encode {{.*}}mpc.slots = array<i64: 2>
// CHECK: mpc.input {{.*}}mpc.slots = array<i64: 1>
func.func @plaintext(%p: tensor<4xf32>, %k: !mpc.add<1, 8>) -> (!mpc.add<1, 8>, !mpc.rss<4, 8>) {
  %z = mpc.mul_public %k, 1 : !mpc.add<1, 8>
  %s = mpc.mul_public %z, 3 : !mpc.add<1, 8>
  %e = mpc.encode %p {fraction_bits = 0 : i64} : tensor<4xf32> -> tensor<4xi8>
  %i = mpc.input %e : tensor<4xi8> -> !mpc.rss<4, 8>
  return %s, %i : !mpc.add<1, 8>, !mpc.rss<4, 8>
}

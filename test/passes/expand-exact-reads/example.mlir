// Tests that a public function is read off the top digit, apart from what a borrow changes, and put together by one polynomial.
// RUN: mpcc-opt %s -expand-exact-reads -canonicalize | FileCheck %s

// CHECK-LABEL: @relu
// CHECK: %[[B:.*]] = mpc.read_bits %arg0 {digits = array<i64: 3, 5>, reads = array<i64: 0, 0, 0, 0, 1>
// CHECK: %[[O:.*]] = mpc.reshare %[[B]]
// CHECK: %[[Y:.*]] = mpc.from_bits %[[O]]
// CHECK: return %[[Y]]
func.func @relu(%x: !mpc.add<4, 8>) -> !mpc.add<4, 16> {
  %y = mpc.public_lut %x {values = array<i64: 0, 1, 2, 3, 0, 0, 0, 0>} : (!mpc.add<4, 8>) -> !mpc.add<4, 16>
  return %y : !mpc.add<4, 16>
}

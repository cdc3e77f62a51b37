// Tests that one opening of a wire serves a product of it and a table of it plus a public number.
// RUN: mpcc-opt %s -insert-share-conversions | FileCheck %s

// CHECK-LABEL: @two_readers
// CHECK: %[[M:.*]] = mpc.reshare %arg0
// CHECK: mpc.dot %[[M]], %[[M]]
// CHECK: %[[N:.*]] = mpc.add_public %[[M]], 3
// CHECK-NOT: mpc.reshare
// CHECK: mpc.lut %[[N]]
func.func @two_readers(%x: !mpc.add<2x4, 8>, %t: !mpc.private<1x256, 8>) -> (!mpc.add<2x1, 8>, !mpc.add<2x4, 8>) {
  %d = mpc.dot %x, %x : (!mpc.add<2x4, 8>, !mpc.add<2x4, 8>) -> !mpc.add<2x1, 8>
  %y = mpc.add_public %x, 3 : !mpc.add<2x4, 8>
  %l = mpc.lut %y, %t {shift = 0 : i64} : (!mpc.add<2x4, 8>, !mpc.private<1x256, 8>) -> !mpc.add<2x4, 8>
  return %d, %l : !mpc.add<2x1, 8>, !mpc.add<2x4, 8>
}

// Tests that a maximum stays if it is of other scores, or if the shifted scores have another reader than a table.
// RUN: mpcc-opt %s -elide-softmax-max=allow-leak | FileCheck %s

// CHECK-LABEL: @other_scores
func.func @other_scores(%x: !mpc.add<1x4, 2>, %y: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>) -> !mpc.add<1x4, 8> {
  // CHECK: %[[M:.*]] = mpc.row_max %arg1
  // CHECK: mpc.sub %arg0, %[[M]]
  %t = mpc.constant dense<100> : tensor<8xi8> : !mpc.private<8, 8>
  %m = mpc.row_max %y : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  %e = mpc.lut2 %d, %mask, %t : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<8, 8>) -> !mpc.add<1x4, 8>
  return %e : !mpc.add<1x4, 8>
}

// CHECK-LABEL: @other_reader
func.func @other_reader(%x: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>) -> (!mpc.add<1x4, 2>, !mpc.add<1x4, 8>) {
  // CHECK: %[[M:.*]] = mpc.row_max %arg0
  // CHECK: mpc.sub %arg0, %[[M]]
  %t = mpc.constant dense<100> : tensor<8xi8> : !mpc.private<8, 8>
  %m = mpc.row_max %x : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  %e = mpc.lut2 %d, %mask, %t : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<8, 8>) -> !mpc.add<1x4, 8>
  return %d, %e : !mpc.add<1x4, 2>, !mpc.add<1x4, 8>
}

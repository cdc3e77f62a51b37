// Tests that the maximum goes only with the model owner's leave and where the table allows it.
// RUN: mpcc-opt %s -elide-softmax-max=allow-leak=true | FileCheck %s
// RUN: mpcc-opt %s -elide-softmax-max | FileCheck %s --check-prefix=KEPT

// KEPT-COUNT-2: mpc.row_max

// CHECK-LABEL: @flat
func.func @flat(%x: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>) -> !mpc.add<1x4, 8> {
  // CHECK-NOT: mpc.row_max
  // CHECK: mpc.add_public %arg0, -1 {mpc.leak = "softmax-max"} : !mpc.add<1x4, 2>
  %t = mpc.constant dense<[100, 0, 40, 0, 60, 0, 80, 0]> : tensor<8xi8> : !mpc.private<8, 8>
  %m = mpc.row_max %x : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  %e = mpc.lut2 %d, %mask, %t : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<8, 8>) -> !mpc.add<1x4, 8>
  return %e : !mpc.add<1x4, 8>
}

// CHECK-LABEL: @steep
func.func @steep(%x: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>) -> !mpc.add<1x4, 8> {
  // CHECK: mpc.row_max
  %t = mpc.constant dense<[100, 0, 1, 0, 4, 0, 20, 0]> : tensor<8xi8> : !mpc.private<8, 8>
  %m = mpc.row_max %x : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  %e = mpc.lut2 %d, %mask, %t : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<8, 8>) -> !mpc.add<1x4, 8>
  return %e : !mpc.add<1x4, 8>
}

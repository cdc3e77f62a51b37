// Tests that the largest 2-bit score takes the place of the row's maximum, as every exponential is large enough.
// RUN: mpcc-opt %s -elide-softmax-max=allow-leak | FileCheck %s

// CHECK-LABEL: @exponentials
// CHECK-NOT: mpc.row_max
// CHECK: %[[D:.*]] = mpc.add_public %arg0, -1 {mpc.leak = "softmax-max"}
// CHECK: mpc.lut2 %[[D]], %arg1
func.func @exponentials(%x: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>) -> !mpc.add<1x4, 8> {
  %exp = mpc.constant dense<[100, 0, 40, 0, 60, 0, 80, 0]> : tensor<8xi8> : !mpc.private<8, 8>
  %m = mpc.row_max %x : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  %e = mpc.lut2 %d, %mask, %exp : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<8, 8>) -> !mpc.add<1x4, 8>
  return %e : !mpc.add<1x4, 8>
}

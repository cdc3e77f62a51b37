// Tests that a row maximum becomes a tournament in which an odd value out waits.
// RUN: mpcc-opt %s -expand-row-max | FileCheck %s

// CHECK-LABEL: @three_values
func.func @three_values(%x: !mpc.add<2x3, 2>) -> !mpc.add<2x1, 2> {
  // Rows are a, columns b, in the order 0 1 -2 -1; -2 loses against all.
  // CHECK: %[[T:.*]] = mpc.constant dense<[0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 2, 3, 0, 1, 3, 3]> : tensor<16xi8>
  // CHECK: %[[A:.*]] = mpc.slice %arg0 [0, 0] : !mpc.add<2x3, 2> -> !mpc.add<2x1, 2>
  // CHECK: %[[B:.*]] = mpc.slice %arg0 [0, 1] : !mpc.add<2x3, 2> -> !mpc.add<2x1, 2>
  // CHECK: %[[AB:.*]] = mpc.lut2 %[[A]], %[[B]], %[[T]]
  // CHECK: %[[C:.*]] = mpc.slice %arg0 [0, 2]
  // CHECK: %[[ABC:.*]] = mpc.concat %[[AB]], %[[C]]
  // CHECK: %[[D:.*]] = mpc.slice %[[ABC]] [0, 0]
  // CHECK: %[[E:.*]] = mpc.slice %[[ABC]] [0, 1]
  // CHECK: %[[M:.*]] = mpc.lut2 %[[D]], %[[E]], %[[T]]
  // CHECK: return %[[M]]
  %m = mpc.row_max %x : !mpc.add<2x3, 2> -> !mpc.add<2x1, 2>
  return %m : !mpc.add<2x1, 2>
}

// CHECK-LABEL: @eight_values_of_the_source_design
func.func @eight_values_of_the_source_design(%x: !mpc.add<1x8, 4>) -> !mpc.add<1x1, 4> {
  // CHECK-COUNT-3: mpc.lut2 {{.*}} !mpc.private<256, 4>
  // CHECK-NOT: mpc.lut2
  %m = mpc.row_max %x : !mpc.add<1x8, 4> -> !mpc.add<1x1, 4>
  return %m : !mpc.add<1x1, 4>
}

// CHECK-LABEL: @one_value
func.func @one_value(%x: !mpc.add<2x1, 4>) -> !mpc.add<2x1, 4> {
  // CHECK: return %arg0
  %m = mpc.row_max %x : !mpc.add<2x1, 4> -> !mpc.add<2x1, 4>
  return %m : !mpc.add<2x1, 4>
}

// Tests that a maximum of three values becomes two rounds of a two-input table, the third value waiting for the second round.
// RUN: mpcc-opt %s -expand-row-max | FileCheck %s

// CHECK-LABEL: @largest
// CHECK: %[[AB:.*]] = mpc.lut2
// CHECK: mpc.concat %[[AB]], %{{.*}}
// CHECK: %[[M:.*]] = mpc.lut2
// CHECK: return %[[M]]
func.func @largest(%x: !mpc.add<2x3, 2>) -> !mpc.add<2x1, 2> {
  %m = mpc.row_max %x : !mpc.add<2x3, 2> -> !mpc.add<2x1, 2>
  return %m : !mpc.add<2x1, 2>
}

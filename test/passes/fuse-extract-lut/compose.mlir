// Tests that tables of tables and local steps between them become one table.
// RUN: mpcc-opt %s -fuse-extract-lut | FileCheck %s

// CHECK-LABEL: @table_of_a_table
func.func @table_of_a_table(%i: !mpc.add<3, 2>) -> !mpc.add<3, 8> {
  // CHECK-NEXT: %[[T:.*]] = mpc.constant dense<{{\[\[}}17, 16, 15, 10]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  // CHECK-NEXT: mpc.lut %arg0, %[[T]]
  // CHECK-NEXT: return
  %t = mpc.constant dense<[[7, 6, 5, 0]]> : tensor<1x4xi8> : !mpc.private<1x4, 3>
  %u = mpc.constant dense<[[10, 11, 12, 13, 14, 15, 16, 17]]> : tensor<1x8xi8> : !mpc.private<1x8, 8>
  %a = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<3, 2>, !mpc.private<1x4, 3>) -> !mpc.add<3, 3>
  %b = mpc.lut %a, %u {shift = 0 : i64} : (!mpc.add<3, 3>, !mpc.private<1x8, 8>) -> !mpc.add<3, 8>
  return %b : !mpc.add<3, 8>
}

// One row for each of the two columns; the outer table reads the top 2 of 4 bits, rounded.
// CHECK-LABEL: @columns_and_window
func.func @columns_and_window(%i: !mpc.add<3x2, 1>) -> !mpc.add<3x2, 8> {
  // CHECK-NEXT: mpc.constant dense<{{\[\[}}20, 21], [22, 20]]> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  // CHECK-NEXT: mpc.lut {{.*}} {shift = 0 : i64}
  // CHECK-NEXT: return
  %t = mpc.constant dense<[[1, 2], [9, 15]]> : tensor<2x2xi8> : !mpc.private<2x2, 4>
  %u = mpc.constant dense<[[20, 21, 22, 23]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  %a = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<3x2, 1>, !mpc.private<2x2, 4>) -> !mpc.add<3x2, 4>
  %b = mpc.lut %a, %u {shift = 2 : i64} : (!mpc.add<3x2, 4>, !mpc.private<1x4, 8>) -> !mpc.add<3x2, 8>
  return %b : !mpc.add<3x2, 8>
}

// CHECK-LABEL: @local_steps_move_into_the_table
func.func @local_steps_move_into_the_table(%i: !mpc.add<3, 2>) -> !mpc.add<3, 4> {
  // (3x + 1) / 16 rounded, modulo 16.
  // CHECK-NEXT: mpc.constant dense<{{\[\[}}0, 1, 3, 0]]> : tensor<1x4xi8> : !mpc.private<1x4, 4>
  // CHECK-NEXT: mpc.lut
  // CHECK-NEXT: return
  %t = mpc.constant dense<[[0, 5, 16, 85]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  %a = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<3, 2>, !mpc.private<1x4, 8>) -> !mpc.add<3, 8>
  %b = mpc.mul_public %a, 3 : !mpc.add<3, 8>
  %c = mpc.add_public %b, 1 : !mpc.add<3, 8>
  %d = mpc.extract %c : !mpc.add<3, 8> -> !mpc.add<3, 4>
  return %d : !mpc.add<3, 4>
}

// The wide result has another reader: the composed table comes beside it, on the same opening.
// CHECK-LABEL: @other_readers
func.func @other_readers(%i: !mpc.add<3, 2>, %j: !mpc.add<3, 4>) -> (!mpc.add<3, 3>, !mpc.add<3, 8>, !mpc.add<3, 2>, !mpc.add<3, 8>) {
  %t = mpc.constant dense<[[7, 6, 5, 0]]> : tensor<1x4xi8> : !mpc.private<1x4, 3>
  %u = mpc.constant dense<[[10, 11, 12, 13, 14, 15, 16, 17]]> : tensor<1x8xi8> : !mpc.private<1x8, 8>
  // CHECK-DAG: mpc.lut %arg0, {{.*}} -> !mpc.add<3, 3>
  // CHECK-DAG: mpc.lut %arg0, {{.*}} -> !mpc.add<3, 8>
  %a = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<3, 2>, !mpc.private<1x4, 3>) -> !mpc.add<3, 3>
  %b = mpc.lut %a, %u {shift = 0 : i64} : (!mpc.add<3, 3>, !mpc.private<1x8, 8>) -> !mpc.add<3, 8>
  // 16 entries instead of 4 would not pay: the inner table is needed anyway.
  %v = mpc.constant dense<1> : tensor<1x16xi8> : !mpc.private<1x16, 2>
  %w = mpc.constant dense<3> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  // CHECK-DAG: %[[C:.*]] = mpc.lut %arg1, {{.*}} -> !mpc.add<3, 2>
  // CHECK-DAG: mpc.lut %[[C]], {{.*}} -> !mpc.add<3, 8>
  %c = mpc.lut %j, %v {shift = 0 : i64} : (!mpc.add<3, 4>, !mpc.private<1x16, 2>) -> !mpc.add<3, 2>
  %d = mpc.lut %c, %w {shift = 0 : i64} : (!mpc.add<3, 2>, !mpc.private<1x4, 8>) -> !mpc.add<3, 8>
  return %a, %b, %c, %d : !mpc.add<3, 3>, !mpc.add<3, 8>, !mpc.add<3, 2>, !mpc.add<3, 8>
}

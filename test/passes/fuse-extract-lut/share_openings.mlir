// Tests that tables read their bits off an opening that is there anyway.
// RUN: mpcc-opt %s -fuse-extract-lut | FileCheck %s

// CHECK-LABEL: @wire_is_opened
func.func @wire_is_opened(%x: !mpc.add<4, 16>, %t: !mpc.private<1x16, 8>) -> (!mpc.add<4, 16>, !mpc.add<4, 8>) {
  // CHECK-NOT: mpc.extract
  // CHECK: mpc.lut %arg0, %arg1 {shift = 12 : i64} : (!mpc.add<4, 16>
  %i = mpc.extract %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %l = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  %p = mpc.product %x, %x : (!mpc.add<4, 16>, !mpc.add<4, 16>) -> !mpc.add<4, 16>
  return %p, %l : !mpc.add<4, 16>, !mpc.add<4, 8>
}

// CHECK-LABEL: @widest_index_serves_all
func.func @widest_index_serves_all(%x: !mpc.add<4, 16>, %t: !mpc.private<1x16, 8>, %u: !mpc.private<1x64, 8>) -> (!mpc.add<4, 8>, !mpc.add<4, 8>) {
  // CHECK-NEXT: %[[I:.*]] = mpc.extract %arg0 : !mpc.add<4, 16> -> !mpc.add<4, 6>
  // CHECK-NEXT: mpc.lut %[[I]], %arg1 {shift = 2 : i64}
  // CHECK-NEXT: mpc.lut %[[I]], %arg2 {shift = 0 : i64}
  %i = mpc.extract %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %l = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  %j = mpc.extract %x : !mpc.add<4, 16> -> !mpc.add<4, 6>
  %m = mpc.lut %j, %u {shift = 0 : i64} : (!mpc.add<4, 6>, !mpc.private<1x64, 8>) -> !mpc.add<4, 8>
  return %l, %m : !mpc.add<4, 8>, !mpc.add<4, 8>
}

// A narrow index alone is opened narrow, and one that something else reads stays.
// CHECK-LABEL: @nothing_to_share
func.func @nothing_to_share(%x: !mpc.add<4, 16>, %y: !mpc.add<4, 16>, %t: !mpc.private<1x16, 8>) -> (!mpc.add<4, 8>, !mpc.add<4, 16>, !mpc.add<4, 4>) {
  // CHECK: mpc.extract %arg0 : !mpc.add<4, 16> -> !mpc.add<4, 4>
  // CHECK: mpc.extract %arg1 : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %i = mpc.extract %x : !mpc.add<4, 16> -> !mpc.add<4, 4>
  %l = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  %p = mpc.product %y, %y : (!mpc.add<4, 16>, !mpc.add<4, 16>) -> !mpc.add<4, 16>
  %j = mpc.extract %y : !mpc.add<4, 16> -> !mpc.add<4, 4>
  return %l, %p, %j : !mpc.add<4, 8>, !mpc.add<4, 16>, !mpc.add<4, 4>
}

// Tests that an exact read of a truncated value reads the value itself, also where it is moved or a number is added in between.
// RUN: mpcc-opt %s -fuse-extract-lut | FileCheck %s

// CHECK-LABEL: @one_read
// CHECK-NEXT: %[[A:.*]] = mpc.add_public %arg0, 128
// CHECK-NEXT: %[[S:.*]] = mpc.slice %[[A]]
// CHECK-NEXT: %[[R:.*]] = mpc.reshape %[[S]]
// CHECK-NEXT: %[[Y:.*]] = mpc.public_lut %[[R]] {{.*}}!mpc.add<4, 16>
// CHECK-NEXT: return %[[Y]]
func.func @one_read(%x: !mpc.add<2x4, 16>) -> !mpc.add<4, 8> {
  %t = mpc.truncate %x : !mpc.add<2x4, 16> -> !mpc.add<2x4, 10>
  %a = mpc.add_public %t, 2 : !mpc.add<2x4, 10>
  %s = mpc.slice %a [1, 0] : !mpc.add<2x4, 10> -> !mpc.add<1x4, 10>
  %r = mpc.reshape %s : !mpc.add<1x4, 10> -> !mpc.add<4, 10>
  %u = mpc.truncate %r : !mpc.add<4, 10> -> !mpc.add<4, 5>
  %y = mpc.public_lut %u {values = array<i64: 0, 1, 2, 3>} : (!mpc.add<4, 5>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// What somebody else reads stays truncated.
// CHECK-LABEL: @another_reader
// CHECK: %[[T:.*]] = mpc.truncate %arg0
// CHECK: mpc.add_public %[[T]], 2
func.func @another_reader(%x: !mpc.add<4, 16>) -> !mpc.add<4, 10> {
  %t = mpc.truncate %x : !mpc.add<4, 16> -> !mpc.add<4, 10>
  %a = mpc.add_public %t, 2 : !mpc.add<4, 10>
  %y = mpc.add %a, %t : (!mpc.add<4, 10>, !mpc.add<4, 10>) -> !mpc.add<4, 10>
  return %y : !mpc.add<4, 10>
}

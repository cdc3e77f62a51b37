// Tests that a decision that looked at private numbers stays marked when what it is about is fused or folded away.
// RUN: mpcc-opt %s -fuse-extract-lut | FileCheck %s
// RUN: mpcc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: @table
// CHECK: {{.*mpc.leak = "softmax-max"}}
func.func @table(%i: !mpc.add<1x4, 2>) -> !mpc.add<1x4, 2> {
  %t = mpc.constant dense<[[0, 1, 2, 3]]> : tensor<1x4xi8> : !mpc.private<1x4, 2>
  %l = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<1x4, 2>, !mpc.private<1x4, 2>) -> !mpc.add<1x4, 2>
  %y = mpc.add_public %l, -1 {mpc.leak = "softmax-max"} : !mpc.add<1x4, 2>
  return %y : !mpc.add<1x4, 2>
}

// CHECK-LABEL: @sums
// CHECK: {{.*mpc.leak = "softmax-max"}}
func.func @sums(%l: !mpc.add<1x4, 2>) -> !mpc.add<1x4, 2> {
  %x = mpc.add_public %l, -2 : !mpc.add<1x4, 2>
  %y = mpc.add_public %x, -1 {mpc.leak = "softmax-max"} : !mpc.add<1x4, 2>
  return %y : !mpc.add<1x4, 2>
}

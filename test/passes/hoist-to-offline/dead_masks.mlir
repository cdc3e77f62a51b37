// Tests that P0 draws no mask and keeps no constant that no dealt vector depends on.
// RUN: mpcc-opt %s -hoist-to-offline | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK: mpc.reshare %{{.*}} {streams = array<i64: 0>}
// CHECK-LABEL: func.func private @f_offline()
// CHECK-NEXT: return
func.func @f(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  %unused = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<4, 8>
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %d = mpc.mul_public %x, 2 : !mpc.rss<4, 8>
  %o = mpc.open_free %d : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  return %o : !mpc.add<4, 8>
}

// Tests that a mark on a private constant is not lost when P0 takes it.
// RUN: mpcc-opt %s -hoist-to-offline -verify-no-leak=allow-leak=ring | FileCheck %s

// CHECK: @moved
// CHECK-SAME: #mpc.disclosure<party = P2, kind = leak, leak = "ring">
func.func @moved(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %c = mpc.constant dense<1> : tensor<4xi8> {mpc.leak = "ring"} : !mpc.private<4, 8>
  %s = mpc.product %x const %c : (!mpc.rss<4, 8>, !mpc.private<4, 8>) -> !mpc.add<4, 8>
  %r = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// Tests that a program without a leak gets its table of who learns what.
// RUN: mpcc-opt %s -verify-no-leak | FileCheck %s

// CHECK-LABEL: @square
// CHECK-SAME: #mpc.disclosure<party = P2, kind = inputs, vectors = 1, elements = 4>, #mpc.disclosure<party = P1, kind = result, {{.*}}>]
func.func @square(%a: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %x = mpc.input %a : tensor<4xi8> -> !mpc.rss<4, 8>
  %y = mpc.product %x, %x : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// Tests that a program without a leak gets its table of who learns what.
// RUN: mpcc-opt %s -verify-no-leak | FileCheck %s

// CHECK-LABEL: @square
// CHECK-SAME: mpc.disclosures = ["everybody: {{.*}}", "P0: {{.*}}", "P2: 1 inputs of P1, {{.*}}", "P1: the result of shape 4, {{.*}}"]
func.func @square(%a: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %x = mpc.input %a : tensor<4xi8> -> !mpc.rss<4, 8>
  %y = mpc.product %x, %x : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

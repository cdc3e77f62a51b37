// Tests that a program which leaks nothing gets its table of who learns what.
// RUN: mpcc-opt %s -verify-no-leak=allow-leak=ring | FileCheck %s

// CHECK-LABEL: @f
// CHECK-SAME: mpc.disclosures = ["everybody: shapes, ring widths and sizes of tables",
// CHECK-SAME: "P0: with serve the time and the bucket of each inference, as P2 asks for its material; otherwise nothing",
// CHECK-SAME: "P1 and P2: 1 openings, each under a fresh uniform mask, 4 elements",
// CHECK-SAME: "P2: 1 inputs of P1, each under a fresh uniform mask, 4 elements",
// CHECK-SAME: "P1: 1 public constants, 4 elements",
// CHECK-SAME: "P1: the result of shape 4, all 8 bits of its ring",
// CHECK-SAME: "P1: the result of shape 4, all 4 bits of its ring, rounded at random with coins that P1 knows",
// CHECK-SAME: "everybody: declared leakage 'ring'"]
func.func @f(%a: tensor<4xf32> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "r"}, tensor<4xf32> {nn.name = "t"}) {
  %e = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %s = nn.binary add %a, %e : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %i = mpc.encode %s {fraction_bits = 2 : i64} : tensor<4xf32> -> tensor<4xi8>
  %x = mpc.input %i : tensor<4xi8> -> !mpc.rss<4, 8>
  %p = mpc.product %x, %x {mpc.leak = "ring"} : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %y = mpc.reshare %p : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %q = mpc.product %y, %y : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %n = mpc.extract %q : !mpc.add<4, 8> -> !mpc.add<4, 4>
  %r = mpc.reveal %p {fraction_bits = 4 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  %t = mpc.reveal %n {fraction_bits = 4 : i64} : !mpc.add<4, 4> -> tensor<4xf32>
  return %r, %t : tensor<4xf32>, tensor<4xf32>
}

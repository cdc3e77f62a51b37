// Tests that a program which leaks nothing gets its table of who learns what.
// RUN: mpcc-opt %s -verify-no-leak=allow-leak=ring,rounding-coins | FileCheck %s

// CHECK-LABEL: @f
// CHECK-SAME: mpc.disclosures = [#mpc.disclosure<party = P0, kind = structure>, #mpc.disclosure<party = P1, kind = structure>, #mpc.disclosure<party = P2, kind = structure>,
// CHECK-SAME: #mpc.disclosure<party = P0, kind = time>,
// CHECK-SAME: #mpc.disclosure<party = P1, kind = openings, vectors = 1, elements = 4>, #mpc.disclosure<party = P2, kind = openings, vectors = 1, elements = 4>,
// CHECK-SAME: #mpc.disclosure<party = P2, kind = inputs, vectors = 1, elements = 4>,
// CHECK-SAME: #mpc.disclosure<party = P1, kind = constants, vectors = 1, elements = 4>,
// CHECK-SAME: #mpc.disclosure<party = P1, kind = result, vectors = 1, elements = 4, type = !mpc.add<4, 8>>,
// CHECK-SAME: #mpc.disclosure<party = P1, kind = rounded_result, vectors = 1, elements = 4, type = !mpc.add<4, 4>>,
// CHECK-SAME: #mpc.disclosure<party = P0, kind = leak, leak = "ring">, #mpc.disclosure<party = P1, kind = leak, leak = "ring">, #mpc.disclosure<party = P2, kind = leak, leak = "ring">,
// CHECK-SAME: #mpc.disclosure<party = P0, kind = leak, vectors = 1, elements = 4, leak = "rounding-coins">, #mpc.disclosure<party = P1, kind = leak, vectors = 1, elements = 4, leak = "rounding-coins">, #mpc.disclosure<party = P2, kind = leak, vectors = 1, elements = 4, leak = "rounding-coins">]
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

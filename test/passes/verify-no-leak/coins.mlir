// Tests that what rounds at random is refused with its number, and told to all when it is allowed.
// RUN: not mpcc-opt %s -verify-no-leak 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: mpcc-opt %s -verify-no-leak=allow-leak=rounding-coins | FileCheck %s

// REFUSED: coins.mlir:[[@LINE+9]]:{{[0-9]+}}: error: 'mpc.extract' op rounds at random (operations of 'f' that do: 2): who asks one question again and again learns the weights behind it, which is leakage of kind 'rounding-coins'; lower with constructions that round exactly, as --lowering=default does, or allow it with --allow-leak=rounding-coins
// REFUSED-NOT: error

// CHECK-LABEL: @f
// CHECK-SAME: #mpc.disclosure<party = P0, kind = leak, vectors = 2, elements = 6, leak = "rounding-coins">, #mpc.disclosure<party = P1, kind = leak, vectors = 2, elements = 6, leak = "rounding-coins">, #mpc.disclosure<party = P2, kind = leak, vectors = 2, elements = 6, leak = "rounding-coins">]
func.func @f(%x: !mpc.rss<3, 8>) -> (tensor<3xf32> {nn.name = "y"}) {
  %t = mpc.constant dense<1> : tensor<1x16xi8> : !mpc.private<1x16, 8>
  %u = mpc.constant dense<1> : tensor<1x256xi8> : !mpc.private<1x256, 8>
  %p = mpc.product %x, %x : (!mpc.rss<3, 8>, !mpc.rss<3, 8>) -> !mpc.add<3, 8>
  %e = mpc.extract %p : !mpc.add<3, 8> -> !mpc.add<3, 4>
  %o = mpc.reshare %p : !mpc.add<3, 8> -> !mpc.rss<3, 8>
  %l = mpc.lut %o, %t {shift = 4 : i64} : (!mpc.rss<3, 8>, !mpc.private<1x16, 8>) -> !mpc.add<3, 8>
  %n = mpc.lut %o, %u {shift = 0 : i64} : (!mpc.rss<3, 8>, !mpc.private<1x256, 8>) -> !mpc.add<3, 8>
  %s = mpc.add %l, %n : (!mpc.add<3, 8>, !mpc.add<3, 8>) -> !mpc.add<3, 8>
  %r = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<3, 8> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

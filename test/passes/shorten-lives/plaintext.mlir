// Tests that what P1 computes in plaintext comes before what others take part in, whatever its size.
// RUN: mpcc-opt %s -shorten-lives | FileCheck %s

// CHECK-LABEL: @f
// CHECK-NEXT: mpc.encode
// CHECK: mpc.product {{ *}}const
func.func @f(%x: tensor<64xf32> {nn.owner = "data"}) -> !mpc.rss<64, 16> {
  %w = mpc.constant dense<1> : tensor<1xi8> : !mpc.private<1, 16>
  %c = mpc.product const %w : (!mpc.private<1, 16>) -> !mpc.add<1, 16>
  %d = mpc.resize %c : !mpc.add<1, 16> -> !mpc.add<1, 8>
  %a = mpc.encode %x {fraction_bits = 0 : i64} : tensor<64xf32> -> tensor<64xi16>
  %l = mpc.input_local %a : tensor<64xi16> -> !mpc.add<64, 16>
  %s = mpc.add %l, %c : (!mpc.add<64, 16>, !mpc.add<1, 16>) -> !mpc.add<64, 16>
  %r = mpc.reshare %s : !mpc.add<64, 16> -> !mpc.rss<64, 16>
  %e = mpc.add %r, %r : (!mpc.rss<64, 16>, !mpc.rss<64, 16>) -> !mpc.rss<64, 16>
  return %e : !mpc.rss<64, 16>
}

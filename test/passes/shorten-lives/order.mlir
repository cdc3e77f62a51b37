// Tests what comes first: what takes small shares alone, so that the largest may take the place of what it is made of; and linear layers.
// RUN: mpcc-opt %s -shorten-lives -split-input-file | FileCheck %s

// CHECK-LABEL: @small_first
// CHECK: mpc.high_bits %arg0
// CHECK-NEXT: mpc.resize %arg0
// CHECK-NEXT: mpc.add_public %arg0
func.func @small_first(%x: !mpc.rss<64, 32>) -> (!mpc.rss<64, 32>, !mpc.rss<64, 16>, !mpc.add<64, 16>) {
  %y = mpc.add_public %x, 5 : !mpc.rss<64, 32>
  %l = mpc.resize %x : !mpc.rss<64, 32> -> !mpc.rss<64, 16>
  %h = mpc.high_bits %x {shift = 16 : i64} : !mpc.rss<64, 32> -> !mpc.add<64, 16>
  return %y, %l, %h : !mpc.rss<64, 32>, !mpc.rss<64, 16>, !mpc.add<64, 16>
}

// -----

// CHECK-LABEL: @exchanges_stay
// CHECK: mpc.mul_public %arg0, 3
// CHECK-NEXT: %[[X:.*]] = mpc.reshare
// CHECK-NEXT: mpc.mul_public %[[X]], 5
func.func @exchanges_stay(%a: !mpc.add<4, 8>) -> (!mpc.add<4, 8>, !mpc.rss<4, 8>) {
  %b = mpc.mul_public %a, 3 : !mpc.add<4, 8>
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %y = mpc.mul_public %x, 5 : !mpc.rss<4, 8>
  return %b, %y : !mpc.add<4, 8>, !mpc.rss<4, 8>
}

// -----

// CHECK-LABEL: @linear_layers
// CHECK: mpc.linear %{{.*}} -> !mpc.add<4x16, 32>
// CHECK: mpc.linear %{{.*}} -> !mpc.add<4x2, 32>
func.func @linear_layers(%x: !mpc.rss<4x2, 32>) -> (!mpc.add<4x16, 32>, !mpc.add<4x2, 32>) {
  %v = mpc.constant dense<1> : tensor<2x16xi8> : !mpc.private<2x16, 32>
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 32>
  %b = mpc.constant dense<0> : tensor<16xi8> : !mpc.private<16, 32>
  %c = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 32>
  %y = mpc.linear %x, %v, %b : (!mpc.rss<4x2, 32>, !mpc.private<2x16, 32>, !mpc.private<16, 32>) -> !mpc.add<4x16, 32>
  %z = mpc.linear %x, %w, %c : (!mpc.rss<4x2, 32>, !mpc.private<2x2, 32>, !mpc.private<2, 32>) -> !mpc.add<4x2, 32>
  return %y, %z : !mpc.add<4x16, 32>, !mpc.add<4x2, 32>
}

// Tests that independent openings share an exchange and dependent ones do not.
// RUN: mpcc-opt %s -merge-openings=report -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @two_rounds
// expected-remark@+1 {{exchanges: 4 before merging, 2 after, 2 of them two-way rounds}}
func.func @two_rounds(%a: !mpc.add<4, 8>, %b: !mpc.add<4, 6>) -> !mpc.add<4, 8> {
  // CHECK-NEXT: %[[M:.*]]:3 = mpc.reshare %arg0, %arg1, %arg0
  // CHECK-NEXT: %[[T:.*]] = mpc.constant
  // CHECK-NEXT: %[[W:.*]] = mpc.wrap %[[M]]#1
  // CHECK-NEXT: mpc.product %[[M]]#0, %[[M]]#2
  // CHECK-NEXT: mpc.reshare %[[W]]
  // CHECK-NEXT: mpc.product
  %c = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<4, 8>
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %y = mpc.reshare %b : !mpc.add<4, 6> -> !mpc.rss<4, 6>
  %w = mpc.wrap %y : !mpc.rss<4, 6> -> !mpc.add<4, 8>
  %z = mpc.reshare %w : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %v = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %p = mpc.product %x, %v const %c : (!mpc.rss<4, 8>, !mpc.rss<4, 8>, !mpc.private<4, 8>) -> !mpc.add<4, 8>
  %q = mpc.product %z : (!mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %r = mpc.add %p, %q : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  return %r : !mpc.add<4, 8>
}

// Plaintext comes first, then one message with all inputs; results are revealed at the end.
// CHECK-LABEL: @inputs_first_reveals_last
// expected-remark@+1 {{exchanges: 5 before merging, 4 after, 1 of them two-way rounds}}
func.func @inputs_first_reveals_last(%a: tensor<4xi8>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: mpc.encode
  // CHECK-NEXT: mpc.input %arg0, %
  // CHECK: mpc.reshare
  // CHECK: mpc.open_free
  // CHECK: mpc.reveal
  // CHECK-NEXT: mpc.reveal
  %x = mpc.input %a : tensor<4xi8> -> !mpc.rss<4, 8>
  %o = mpc.open_free %x : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  %r = mpc.reveal %o {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  %e = mpc.encode %b {fraction_bits = 2 : i64} : tensor<4xf32> -> tensor<4xi8>
  %y = mpc.input %e : tensor<4xi8> -> !mpc.rss<4, 8>
  %p = mpc.product %x, %y : (!mpc.rss<4, 8>, !mpc.rss<4, 8>) -> !mpc.add<4, 8>
  %z = mpc.reshare %p : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  %q = mpc.open_free %z : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  %s = mpc.reveal %q {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r, %s : tensor<4xf32>, tensor<4xf32>
}

// Tests that programs share the streams of their weights, and that equal weights within a program do not: which ones are equal is
// private.
// RUN: mpcc-opt %s -hoist-to-offline | FileCheck %s

// CHECK-LABEL: func.func @short(
// CHECK: mpc.linear {{.*}}weight_stream = 0
// CHECK: mpc.linear {{.*}}weight_stream = 1
func.func @short(%a: !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<1x2, 8> -> !mpc.rss<1x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  %z = mpc.linear %x, %w, %b : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  %s = mpc.add %y, %z : (!mpc.add<1x2, 8>, !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8>
  return %s : !mpc.add<1x2, 8>
}

// CHECK-LABEL: func.func @long(
// CHECK: mpc.linear {{.*}}weight_stream = 0
// CHECK: mpc.linear {{.*}}weight_stream = 1
func.func @long(%a: !mpc.add<3x2, 8>) -> !mpc.add<3x2, 8> {
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<3x2, 8> -> !mpc.rss<3x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<3x2, 8>
  %z = mpc.linear %x, %w, %b : (!mpc.rss<3x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<3x2, 8>
  %s = mpc.add %y, %z : (!mpc.add<3x2, 8>, !mpc.add<3x2, 8>) -> !mpc.add<3x2, 8>
  return %s : !mpc.add<3x2, 8>
}

// CHECK-LABEL: func.func @other(
// CHECK: mpc.linear {{.*}}weight_stream = 2
func.func @other(%a: !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<1x2, 8> -> !mpc.rss<1x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return %y : !mpc.add<1x2, 8>
}

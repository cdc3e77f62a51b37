// Tests that weights in two resources of equal content are one weight.
// RUN: mpcc-opt %s -hoist-to-offline | FileCheck %s

// CHECK-LABEL: func.func @short(
// CHECK: mpc.linear {{.*}}weight_stream = 0
func.func @short(%a: !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.constant dense_resource<one> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<1x2, 8> -> !mpc.rss<1x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return %y : !mpc.add<1x2, 8>
}

// CHECK-LABEL: func.func @long(
// CHECK: mpc.linear {{.*}}weight_stream = 0
// CHECK-LABEL: func.func private @long_offline
// CHECK: mpc.constant dense_resource<one>
func.func @long(%a: !mpc.add<3x2, 8>) -> !mpc.add<3x2, 8> {
  %w = mpc.constant dense_resource<two> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<3x2, 8> -> !mpc.rss<3x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<3x2, 8>
  return %y : !mpc.add<3x2, 8>
}

{-#
  dialect_resources: {
    builtin: {
      one: "0x0100000001020304",
      two: "0x0100000001020304"
    }
  }
#-}

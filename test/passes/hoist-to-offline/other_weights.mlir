// Tests that programs whose weights differ in value alone are refused: whether they share weights must not depend on private numbers.
// RUN: mpcc-opt %s -hoist-to-offline -verify-diagnostics

func.func @short(%a: !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<1x2, 8> -> !mpc.rss<1x2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return %y : !mpc.add<1x2, 8>
}

func.func @long(%a: !mpc.add<3x2, 8>) -> !mpc.add<3x2, 8> {
  %w = mpc.constant dense<2> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<3x2, 8> -> !mpc.rss<3x2, 8>
  // expected-error@+1 {{has other integer weights than in another sequence length}}
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<3x2, 8>
  return %y : !mpc.add<3x2, 8>
}

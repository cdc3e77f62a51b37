// Tests that numbered openings are not merged: their masks are drawn already.
// RUN: mpcc-opt %s -merge-openings -verify-diagnostics

func.func @numbered(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 8> {
  // expected-error@+1 {{has streams already; openings are merged before hoist-to-offline}}
  %x = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %x : !mpc.rss<4, 8>
}

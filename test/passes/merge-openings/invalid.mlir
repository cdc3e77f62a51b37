// Tests that numbered openings are not merged, as their masks are drawn already, nor those of branching functions.
// RUN: mpcc-opt %s -merge-openings -split-input-file -verify-diagnostics -allow-unregistered-dialect

func.func @numbered(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 8> {
  // expected-error@+1 {{has streams already; openings are merged before hoist-to-offline}}
  %x = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %x : !mpc.rss<4, 8>
}

// -----

// expected-error@+1 {{has several blocks}}
func.func @loop(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  "test.branch"()[^end] : () -> ()
^end:
  return %a : !mpc.add<4, 8>
}

// Tests that branching functions are refused.
// RUN: mpcc-opt %s -shorten-lives -verify-diagnostics -allow-unregistered-dialect

// expected-error@+1 {{has several blocks, expected straight-line code}}
func.func @loop(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  "test.branch"()[^end] : () -> ()
^end:
  return %a : !mpc.add<4, 8>
}

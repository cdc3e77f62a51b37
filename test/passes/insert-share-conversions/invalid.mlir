// Tests that a lift without a spare bit does not reach the pass, which has no error of its own: the verifier refuses it.
// RUN: mpcc-opt %s -insert-share-conversions -split-input-file -verify-diagnostics

func.func @no_wider_ring(%x: !mpc.add<4, 8>) -> !mpc.rss<4, 8> {
  // expected-error@+1 {{goes from 8 to 8 bits, expected a wider ring}}
  %y = mpc.lift %x : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %y : !mpc.rss<4, 8>
}

// -----

func.func @no_spare_bit(%x: !mpc.add<4, 2>) -> !mpc.rss<4, 8> {
  // expected-error@+1 {{input has 2 bits, expected at least 3}}
  %y = mpc.lift %x : !mpc.add<4, 2> -> !mpc.rss<4, 8>
  return %y : !mpc.rss<4, 8>
}

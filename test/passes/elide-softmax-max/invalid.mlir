// Tests that an exponential table of another size does not reach the pass, which has no error of its own: the verifier refuses it.
// RUN: mpcc-opt %s -elide-softmax-max=allow-leak -verify-diagnostics

func.func @table_too_small(%x: !mpc.add<1x4, 2>, %mask: !mpc.add<1x4, 1>, %t: !mpc.private<4, 8>) -> !mpc.add<1x4, 8> {
  %m = mpc.row_max %x : !mpc.add<1x4, 2> -> !mpc.add<1x1, 2>
  %d = mpc.sub %x, %m : (!mpc.add<1x4, 2>, !mpc.add<1x1, 2>) -> !mpc.add<1x4, 2>
  // expected-error@+1 {{table has 4 entries, expected 8}}
  %e = mpc.lut2 %d, %mask, %t : (!mpc.add<1x4, 2>, !mpc.add<1x4, 1>, !mpc.private<4, 8>) -> !mpc.add<1x4, 8>
  return %e : !mpc.add<1x4, 8>
}

// Tests that tables which do not fit their index do not reach the pass, which has no error of its own: the verifier refuses them.
// RUN: mpcc-opt %s -fuse-extract-lut -split-input-file -verify-diagnostics

func.func @window(%x: !mpc.add<4, 4>, %t: !mpc.private<1x16, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{reads 4 bits at 1 of the index, expected a window of its 4 bits}}
  %l = mpc.lut %x, %t {shift = 1 : i64} : (!mpc.add<4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  return %l : !mpc.add<4, 8>
}

// -----

func.func @columns(%x: !mpc.add<4, 4>, %t: !mpc.private<3x16, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{table has 3 rows, expected 1 or one for each of the 4 columns}}
  %l = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.add<4, 4>, !mpc.private<3x16, 8>) -> !mpc.add<4, 8>
  return %l : !mpc.add<4, 8>
}

// Tests that values too wide for a two-input table are refused.
// RUN: mpcc-opt %s -expand-row-max -verify-diagnostics

func.func @wide(%x: !mpc.add<2x8, 8>) -> !mpc.add<2x1, 8> {
  // expected-error@+1 {{compares values of 8 bits, expected at most 6; extract fewer bits first}}
  %m = mpc.row_max %x : !mpc.add<2x8, 8> -> !mpc.add<2x1, 8>
  return %m : !mpc.add<2x1, 8>
}

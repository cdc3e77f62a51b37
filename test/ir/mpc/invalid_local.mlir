// Tests that local and structural operations refuse other shapes, widths and kinds.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics

func.func @add_c1(%x: !mpc.add<4, 8>, %y: !mpc.add<4, 16>) {
  // expected-error@+1 {{rhs has 16 bits, expected 8}}
  %s = mpc.add %x, %y : (!mpc.add<4, 8>, !mpc.add<4, 16>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @add_c2(%x: !mpc.add<3x4, 8>, %y: !mpc.add<3, 8>) {
  // expected-error@+1 {{rhs of shape 3 does not broadcast to 3x4}}
  %s = mpc.add %x, %y : (!mpc.add<3x4, 8>, !mpc.add<3, 8>) -> !mpc.add<3x4, 8>
  return
}

// -----

func.func @add_c3(%x: !mpc.add<1x4, 8>, %y: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{rhs of shape 3x4 does not broadcast to 1x4}}
  %s = mpc.sub %x, %y : (!mpc.add<1x4, 8>, !mpc.add<3x4, 8>) -> !mpc.add<3x4, 8>
  return
}

// -----

func.func @add_c4(%x: !mpc.add<4, 8>, %y: !mpc.rss<4, 8>) {
  // expected-error@+1 {{result is of kind rss, expected add}}
  %s = mpc.add %x, %y : (!mpc.add<4, 8>, !mpc.rss<4, 8>) -> !mpc.rss<4, 8>
  return
}

// -----

func.func @add_c5(%x: !mpc.add<4, 8>, %y: !mpc.mask<4, 8>) {
  // expected-error@+1 {{rhs is of kind mask beside lhs of kind add, expected masks on both sides or on none}}
  %s = mpc.add %x, %y : (!mpc.add<4, 8>, !mpc.mask<4, 8>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @row_sum_c1(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{result has shape 3, expected 3x1}}
  %s = mpc.row_sum %x : !mpc.add<3x4, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @reshape_c1(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{result has 13 elements, expected 12}}
  %s = mpc.reshape %x : !mpc.add<3x4, 8> -> !mpc.add<13, 8>
  return
}

// -----

func.func @reshape_c2(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{result is of kind rss, expected add}}
  %s = mpc.reshape %x : !mpc.add<3x4, 8> -> !mpc.rss<12, 8>
  return
}

// -----

func.func @transpose_c1(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{perm is [1, 1], expected a permutation of 0 to 1}}
  %s = mpc.transpose %x [1, 1] : !mpc.add<3x4, 8> -> !mpc.add<4x4, 8>
  return
}

// -----

func.func @transpose_c2(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{result has shape 3x4, expected 4x3}}
  %s = mpc.transpose %x [1, 0] : !mpc.add<3x4, 8> -> !mpc.add<3x4, 8>
  return
}

// -----

func.func @slice_c1(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{has 1 offsets and a result of rank 2, expected 2 of both}}
  %s = mpc.slice %x [1] : !mpc.add<3x4, 8> -> !mpc.add<1x4, 8>
  return
}

// -----

func.func @slice_c2(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{axis 1: offset 3 and extent 2 leave the input's extent 4}}
  %s = mpc.slice %x [0, 3] : !mpc.add<3x4, 8> -> !mpc.add<3x2, 8>
  return
}

// -----

func.func @concat_c1(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{axis is 2, expected 0 to 1}}
  %s = mpc.concat %x {axis = 2 : i64} : (!mpc.add<3x4, 8>) -> !mpc.add<3x4, 8>
  return
}

// -----

func.func @concat_c2(%x: !mpc.add<3x4, 8>, %y: !mpc.add<2x4, 8>) {
  // expected-error@+1 {{an input has shape 2x4, expected that of 3x8 but for axis 1}}
  %s = mpc.concat %x, %y {axis = 1 : i64} : (!mpc.add<3x4, 8>, !mpc.add<2x4, 8>) -> !mpc.add<3x8, 8>
  return
}

// -----

func.func @concat_c3(%x: !mpc.add<3x4, 8>) {
  // expected-error@+1 {{inputs have 8 along axis 1, expected 9}}
  %s = mpc.concat %x, %x {axis = 1 : i64} : (!mpc.add<3x4, 8>, !mpc.add<3x4, 8>) -> !mpc.add<3x9, 8>
  return
}

// -----

func.func @resize_c1(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{goes from 8 to 9 bits, expected no more bits; mpc.lift widens}}
  %s = mpc.resize %x : !mpc.add<4, 8> -> !mpc.add<4, 9>
  return
}

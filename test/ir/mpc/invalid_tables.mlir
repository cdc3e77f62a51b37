// Tests that products and tables refuse shapes, widths and tables that do not fit.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics

func.func @linear_c1(%x: !mpc.rss<3x4, 16>) {
  %w = mpc.constant dense<0> : tensor<4xi16> : !mpc.private<4, 16>
  %b = mpc.constant dense<0> : tensor<2xi16> : !mpc.private<2, 16>
  // expected-error@+1 {{weight has rank 1, expected 2}}
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x4, 16>, !mpc.private<4, 16>, !mpc.private<2, 16>) -> !mpc.add<3x2, 16>
  return
}

// -----

func.func @linear_c2(%x: !mpc.rss<3x5, 16>) {
  %w = mpc.constant dense<0> : tensor<4x2xi16> : !mpc.private<4x2, 16>
  %b = mpc.constant dense<0> : tensor<2xi16> : !mpc.private<2, 16>
  // expected-error@+1 {{input has 5 columns, expected the weight's 4 rows}}
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x5, 16>, !mpc.private<4x2, 16>, !mpc.private<2, 16>) -> !mpc.add<3x2, 16>
  return
}

// -----

func.func @linear_c3(%x: !mpc.rss<3x4, 16>) {
  %w = mpc.constant dense<0> : tensor<4x2xi16> : !mpc.private<4x2, 16>
  %b = mpc.constant dense<0> : tensor<3xi16> : !mpc.private<3, 16>
  // expected-error@+1 {{bias has shape 3, expected 2}}
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x4, 16>, !mpc.private<4x2, 16>, !mpc.private<3, 16>) -> !mpc.add<3x2, 16>
  return
}

// -----

func.func @linear_c4(%x: !mpc.rss<3x4, 16>) {
  %w = mpc.constant dense<0> : tensor<4x2xi16> : !mpc.private<4x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi16> : !mpc.private<2, 16>
  // expected-error@+1 {{weight has 8 bits, expected 16}}
  %y = mpc.linear %x, %w, %b : (!mpc.rss<3x4, 16>, !mpc.private<4x2, 8>, !mpc.private<2, 16>) -> !mpc.add<3x2, 16>
  return
}

// -----

func.func @matmul_c1(%x: !mpc.rss<3x4, 16>) {
  // expected-error@+1 {{lhs has rank 2, expected 3}}
  %y = mpc.matmul %x, %x : (!mpc.rss<3x4, 16>, !mpc.rss<3x4, 16>) -> !mpc.add<3x3, 16>
  return
}

// -----

func.func @matmul_c2(%x: !mpc.rss<1x3x4, 16>) {
  // expected-error@+1 {{lhs has 1 matrices with 4 columns, rhs 1 with 3 rows, expected equal numbers}}
  %y = mpc.matmul %x, %x : (!mpc.rss<1x3x4, 16>, !mpc.rss<1x3x4, 16>) -> !mpc.add<1x3x4, 16>
  return
}

// -----

func.func @matmul_c3(%x: !mpc.rss<1x3x4, 16>, %y: !mpc.rss<1x4x3, 8>) {
  // expected-error@+1 {{rhs has 8 bits, expected 16}}
  %z = mpc.matmul %x, %y : (!mpc.rss<1x3x4, 16>, !mpc.rss<1x4x3, 8>) -> !mpc.add<1x3x3, 16>
  return
}

// -----

func.func @dot_c1(%x: !mpc.rss<3x4, 16>, %y: !mpc.rss<1x4, 16>) {
  // expected-error@+1 {{rhs has shape 1x4, expected 3x4}}
  %z = mpc.dot %x, %y : (!mpc.rss<3x4, 16>, !mpc.rss<1x4, 16>) -> !mpc.add<3x1, 16>
  return
}

// -----

func.func @dot_c2(%x: !mpc.rss<3x4, 16>) {
  // expected-error@+1 {{result has shape 3x4, expected 3x1}}
  %y = mpc.dot %x, %x : (!mpc.rss<3x4, 16>, !mpc.rss<3x4, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @dot_c3(%x: !mpc.rss<3x4, 16>, %y: !mpc.rss<3x4, 8>) {
  // expected-error@+1 {{rhs has 8 bits, expected 16}}
  %z = mpc.dot %x, %y : (!mpc.rss<3x4, 16>, !mpc.rss<3x4, 8>) -> !mpc.add<3x1, 16>
  return
}

// -----

func.func @product_c1(%x: !mpc.rss<4, 16>) {
  // expected-error@+1 {{has 7 shared factors, expected at most 6}}
  %y = mpc.product %x, %x, %x, %x, %x, %x, %x : (!mpc.rss<4, 16>, !mpc.rss<4, 16>, !mpc.rss<4, 16>, !mpc.rss<4, 16>, !mpc.rss<4, 16>, !mpc.rss<4, 16>, !mpc.rss<4, 16>) -> !mpc.add<4, 16>
  return
}

// -----

func.func @product_c4() {
  // expected-error@+1 {{has neither factors nor a constant, expected one of them}}
  %y = mpc.product : () -> !mpc.add<4, 16>
  return
}

// -----

func.func @product_c2(%x: !mpc.rss<3x4, 16>, %z: !mpc.rss<3, 16>) {
  // expected-error@+1 {{factor of shape 3 does not broadcast to 3x4}}
  %y = mpc.product %x, %z : (!mpc.rss<3x4, 16>, !mpc.rss<3, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @product_c3(%x: !mpc.rss<4, 16>, %z: !mpc.rss<4, 8>) {
  // expected-error@+1 {{factor has 8 bits, expected 16}}
  %y = mpc.product %x, %z : (!mpc.rss<4, 16>, !mpc.rss<4, 8>) -> !mpc.add<4, 16>
  return
}

// -----

func.func @product_streams(%x: !mpc.rss<4, 16>) {
  // expected-error@+1 {{has 1 streams, expected 3}}
  %y = mpc.product %x, %x {streams = array<i64: 1>} : (!mpc.rss<4, 16>, !mpc.rss<4, 16>) -> !mpc.add<4, 16>
  return
}

// -----

func.func @lut_c1(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<16xi16> : !mpc.private<16, 16>
  // expected-error@+1 {{table has rank 1, expected 2}}
  %y = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<16, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut_c2(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<3x16xi16> : !mpc.private<3x16, 16>
  // expected-error@+1 {{table has 3 rows, expected 1 or one for each of the 4 columns}}
  %y = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<3x16, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut_c3(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<1x15xi16> : !mpc.private<1x15, 16>
  // expected-error@+1 {{table has 15 entries a row, expected a power of two}}
  %y = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<1x15, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut_c4(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<1x8xi16> : !mpc.private<1x8, 16>
  // expected-error@+1 {{reads 3 bits at 2 of the index, expected a window of its 4 bits}}
  %y = mpc.lut %x, %t {shift = 2 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<1x8, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut_pair_c4(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<1x8xi16> : !mpc.private<1x8, 16>
  // expected-error@+1 {{reads 3 bits at 2 of the index, expected a window of its 4 bits}}
  %y = mpc.lut_pair %x, %t {shift = 2 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<1x8, 16>) -> !mpc.add<2x3x4, 16>
  return
}

// -----

func.func @lut_pair_result(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<1x16xi16> : !mpc.private<1x16, 16>
  // expected-error@+1 {{result has shape 3x4, expected 2x3x4}}
  %y = mpc.lut_pair %x, %t {shift = 0 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<1x16, 16>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut_result(%x: !mpc.rss<3x4, 4>) {
  %t = mpc.constant dense<0> : tensor<1x16xi16> : !mpc.private<1x16, 8>
  // expected-error@+1 {{result has 16 bits, expected 8}}
  %y = mpc.lut %x, %t {shift = 0 : i64} : (!mpc.rss<3x4, 4>, !mpc.private<1x16, 8>) -> !mpc.add<3x4, 16>
  return
}

// -----

func.func @lut2_entries(%x: !mpc.rss<3x4, 4>, %z: !mpc.rss<3x1, 2>) {
  %t = mpc.constant dense<0> : tensor<16xi16> : !mpc.private<16, 8>
  // expected-error@+1 {{table has 16 entries, expected 64}}
  %y = mpc.lut2 %x, %z, %t : (!mpc.rss<3x4, 4>, !mpc.rss<3x1, 2>, !mpc.private<16, 8>) -> !mpc.add<3x4, 8>
  return
}

// -----

func.func @deal_c1(%x: !mpc.mask<4, 4>) {
  // expected-error@+1 {{deals for 'mpc.add', expected an operation that consumes dealt vectors}}
  mpc.deal "add" %x {streams = array<i64: 0>, params = {}, result_type = !mpc.add<4, 4>} : !mpc.mask<4, 4>
  return
}

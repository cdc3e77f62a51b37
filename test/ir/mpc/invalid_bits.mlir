// Tests the verifiers of operations that read bits of an opened value, one case per constraint.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics

func.func @high_bits_c1(%x: !mpc.rss<3x4, 4>) {
  // expected-error@+1 {{reads the bits from 4 on of 4, expected 0 to 3}}
  %y = mpc.high_bits %x {shift = 4 : i64} : !mpc.rss<3x4, 4> -> !mpc.add<3x4, 4>
  return
}

// -----

func.func @high_bits_c2(%x: !mpc.rss<3x4, 4>) {
  // expected-error@+1 {{result has shape 4x3, expected 3x4}}
  %y = mpc.high_bits %x {shift = 0 : i64} : !mpc.rss<3x4, 4> -> !mpc.add<4x3, 4>
  return
}

// -----

func.func @high_bits_streams(%x: !mpc.rss<3x4, 4>) {
  // expected-error@+1 {{has 2 streams, expected 1}}
  %y = mpc.high_bits %x {shift = 0 : i64, streams = array<i64: 1, 2>} : !mpc.rss<3x4, 4> -> !mpc.add<3x4, 4>
  return
}

// -----

func.func @read_bits_c1(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{the digits have 5 bits, expected the ring's 4}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 3>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_c2(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{a bit is read of digit 2, expected 0 to 1}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 2>, tables = array<i64: 2>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_c3(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{the tables have 2 words, expected 1}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 2, 2>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_c4(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{table 0 has bit 8 set, expected 1 to 7}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 256>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_c5(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{table 0 is the same for every difference}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 254>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_c6(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{result has shape 3x1, expected 1x3}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<3, 4> -> !mpc.add<3x1, 1>
  return
}

// -----

func.func @read_bits_rank(%x: !mpc.rss<1x1x1x1x3, 4>) {
  // expected-error@+1 {{has no result type that fits its operands}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<1x1x1x1x3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @read_bits_streams(%x: !mpc.rss<3, 4>) {
  // expected-error@+1 {{has 1 streams, expected 2}}
  %y = mpc.read_bits %x {digits = array<i64: 2, 2>, reads = array<i64: 0>, tables = array<i64: 2>, streams = array<i64: 1>} : !mpc.rss<3, 4> -> !mpc.add<1x3, 1>
  return
}

// -----

func.func @from_bits_c1(%x: !mpc.rss<2x3, 2>) {
  // expected-error@+1 {{bits has 2 bits, expected 1}}
  %y = mpc.from_bits %x {terms = array<i64: 1>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 2>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c2(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{result has shape 2x3, expected 3}}
  %y = mpc.from_bits %x {terms = array<i64: 1>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<2x3, 8>
  return
}

// -----

func.func @from_bits_c3(%x: !mpc.rss<2x3, 1>) {
  %c = mpc.constant dense<1> : tensor<2xi8> : !mpc.private<2, 8>
  // expected-error@+1 {{constant has shape 2, expected 1 or one for each of the 3 columns}}
  %y = mpc.from_bits %x const %c {terms = array<i64: 1>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 1>, !mpc.private<2, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c4(%x: !mpc.rss<2x3, 1>) {
  %c = mpc.constant dense<1> : tensor<3xi8> : !mpc.private<3, 7>
  // expected-error@+1 {{constant has 7 bits, expected 8}}
  %y = mpc.from_bits %x const %c {terms = array<i64: 1>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 1>, !mpc.private<3, 7>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c5(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{2 terms have 1 coefficients}}
  %y = mpc.from_bits %x {terms = array<i64: 1, 2>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c6(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{term 0 has bits beyond the 2 that there are}}
  %y = mpc.from_bits %x {terms = array<i64: 4>, coefficients = array<i64: 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c7(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{the terms are not in increasing order}}
  %y = mpc.from_bits %x {terms = array<i64: 2, 1>, coefficients = array<i64: 1, 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c8(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{the coefficient of term 0 is 0}}
  %y = mpc.from_bits %x {terms = array<i64: 1>, coefficients = array<i64: 256>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @from_bits_c9(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{no product of two bits, expected one: a sum modulo 2 is mpc.add}}
  %y = mpc.from_bits %x {terms = array<i64: 1, 2>, coefficients = array<i64: 1, 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 1>
  return
}

// -----

func.func @from_bits_streams(%x: !mpc.rss<2x3, 1>) {
  // expected-error@+1 {{has 1 streams, expected 3}}
  %y = mpc.from_bits %x {terms = array<i64: 3>, coefficients = array<i64: 1>, streams = array<i64: 1>} : (!mpc.rss<2x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @truncate_c1(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{takes 1 of 8 bits, expected 2 to 8}}
  %y = mpc.truncate %x : !mpc.add<3, 8> -> !mpc.add<3, 1>
  return
}

// -----

func.func @truncate_c2(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.truncate %x : !mpc.add<3, 8> -> !mpc.add<4, 4>
  return
}

// -----

func.func @private_lut_c1(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  // expected-error@+1 {{has 17 tables, expected 1 to 16}}
  %y = mpc.private_lut %x by %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t, %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @private_lut_c2(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<2x4xi8> : !mpc.private<2x4, 1>
  // expected-error@+1 {{has a table of shape 2x4, expected equal ones of one row or one for each of the 3 columns}}
  %y = mpc.private_lut %x by %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<2x4, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @private_lut_c3(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x4xi8> : !mpc.private<1x4, 2>
  // expected-error@+1 {{table has 2 bits, expected 1}}
  %y = mpc.private_lut %x by %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x4, 2>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @private_lut_c4(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x3xi8> : !mpc.private<1x3, 1>
  // expected-error@+1 {{has tables of 3 entries, expected 2^k for 1 to 8 top bits}}
  %y = mpc.private_lut %x by %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x3, 1>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @private_lut_c5(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  // expected-error@+1 {{has a result of 1 bit, expected more}}
  %y = mpc.private_lut %x by %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x4, 1>) -> !mpc.add<3, 1>
  return
}

// -----

func.func @private_lut_c6(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.private_lut %x by %t {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x4, 1>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @private_lut_c7(%x: !mpc.add<3, 8>) {
  %t = mpc.constant dense<0> : tensor<1x4xi8> : !mpc.private<1x4, 1>
  %c = mpc.constant dense<1> : tensor<2xi8> : !mpc.private<2, 8>
  // expected-error@+1 {{factor has shape 2, expected 1 or one for each of the 3 columns}}
  %y = mpc.private_lut %x by %t times %c {least = 0 : i64} : (!mpc.add<3, 8>, !mpc.private<1x4, 1>, !mpc.private<2, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @public_lut_c1(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has 3 values, expected 2^k for 1 to 8 top bits}}
  %y = mpc.public_lut %x {values = array<i64: 1, 2, 3>} : (!mpc.add<3, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @public_lut_c2(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has a result of 1 bit, expected more}}
  %y = mpc.public_lut %x {values = array<i64: 0, 1>} : (!mpc.add<3, 8>) -> !mpc.add<3, 1>
  return
}

// -----

func.func @public_lut_c3(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.public_lut %x {values = array<i64: 0, 1>} : (!mpc.add<3, 8>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @public_lut_c4(%x: !mpc.add<3, 8>) {
  %c = mpc.constant dense<1> : tensor<2xi8> : !mpc.private<2, 8>
  // expected-error@+1 {{factor has shape 2, expected 1 or one for each of the 3 columns}}
  %y = mpc.public_lut %x times %c {values = array<i64: 0, 1>} : (!mpc.add<3, 8>, !mpc.private<2, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @public_lut_c5(%x: !mpc.add<3, 8>) {
  %c = mpc.constant dense<1> : tensor<1xi8> : !mpc.private<1, 7>
  // expected-error@+1 {{factor has 7 bits, expected 8}}
  %y = mpc.public_lut %x times %c {values = array<i64: 0, 1>} : (!mpc.add<3, 8>, !mpc.private<1, 7>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @public_lut_constant(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has one value everywhere, expected a function}}
  %y = mpc.public_lut %x {values = array<i64: 5, 5>} : (!mpc.add<3, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c1(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has 2 starts and 1 values, expected as many, and two at least}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c2(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{starts at 1 after 1, expected increasing numbers}}
  %y = mpc.staircase %x {starts = array<i64: 1, 1>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c3(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has values from 1 on and ends with 1, expected none below 0, one above and 0 at the end}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 2, 1>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c4(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has digits of 0 and 8 bits, expected 1 to 12 of each}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 1, 0>, digit = 8 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c5(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has the limit 2, expected one above 0 and up to 1}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64, limit = 2 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c6(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{is not zero within 17 values of its top digit, of 16}}
  %y = mpc.staircase %x {starts = array<i64: 0, 224>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @staircase_c7(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has a result of 1 bit, expected more}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<3, 1>
  return
}

// -----

func.func @staircase_c8(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.staircase %x {starts = array<i64: 0, 1>, values = array<i64: 1, 0>, digit = 4 : i64, origin = 0 : i64} : !mpc.add<3, 8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @leading_lut_c1(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{reads 2 bits, 3 fewer at each level, expected 2 to 8 and as many at most}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 3 : i64, values = array<i64: 0, 1, 2, 3>} : !mpc.add<3, 8> -> !mpc.add<3, 8>
  return
}

// -----

func.func @leading_lut_c2(%x: !mpc.add<3, 4>) {
  // expected-error@+1 {{has 12 values, expected 4 for each of 1 to 2 levels}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 2 : i64, values = array<i64: 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3>} : !mpc.add<3, 4> -> !mpc.add<3, 8>
  return
}

// -----

func.func @leading_lut_c3(%x: !mpc.add<3, 4>) {
  // expected-error@+1 {{has values of more than 24 bits}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 1, 2, 16777216>} : !mpc.add<3, 4> -> !mpc.add<3, 8>
  return
}

// -----

func.func @leading_lut_c4(%x: !mpc.add<3, 4>) {
  // expected-error@+1 {{has one value everywhere at level 0, expected a function}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 5, 6, 0, 0, 0, 0, 1, 2>} : !mpc.add<3, 4> -> !mpc.add<3, 8>
  return
}

// -----

func.func @leading_lut_c5(%x: !mpc.add<3, 4>) {
  // expected-error@+1 {{has a result of 1 bit, expected more}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 1, 2, 3>} : !mpc.add<3, 4> -> !mpc.add<3, 1>
  return
}

// -----

func.func @leading_lut_c6(%x: !mpc.add<3, 4>) {
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 1, 2, 3>} : !mpc.add<3, 4> -> !mpc.add<4, 8>
  return
}

// -----

func.func @saturate_c1(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{reads 9 of 8 bits, expected 2 to 8}}
  %y = mpc.saturate %x {bits = 9 : i64, least = -4 : i64, most = 3 : i64} : (!mpc.add<3, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @saturate_c2(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has bounds 3 and 16, expected increasing ones from -16 to 15}}
  %y = mpc.saturate %x {bits = 5 : i64, least = 3 : i64, most = 16 : i64} : (!mpc.add<3, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @saturate_c3(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{has a result of 1 bit, expected more}}
  %y = mpc.saturate %x {bits = 5 : i64, least = 0 : i64, most = 1 : i64} : (!mpc.add<3, 8>) -> !mpc.add<3, 1>
  return
}

// -----

func.func @saturate_c4(%x: !mpc.add<3, 8>) {
  // expected-error@+1 {{result has shape 4, expected 3}}
  %y = mpc.saturate %x {bits = 5 : i64, least = 0 : i64, most = 1 : i64} : (!mpc.add<3, 8>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @saturate_c5(%x: !mpc.add<3, 8>) {
  %c = mpc.constant dense<1> : tensor<2xi8> : !mpc.private<2, 8>
  // expected-error@+1 {{factor has shape 2, expected 1 or one for each of the 3 columns}}
  %y = mpc.saturate %x times %c {bits = 5 : i64, least = 0 : i64, most = 1 : i64} : (!mpc.add<3, 8>, !mpc.private<2, 8>) -> !mpc.add<3, 8>
  return
}

// -----

func.func @saturate_c6(%x: !mpc.add<3, 8>) {
  %c = mpc.constant dense<1> : tensor<1xi8> : !mpc.private<1, 7>
  // expected-error@+1 {{factor has 7 bits, expected 8}}
  %y = mpc.saturate %x times %c {bits = 5 : i64, least = 0 : i64, most = 1 : i64} : (!mpc.add<3, 8>, !mpc.private<1, 7>) -> !mpc.add<3, 8>
  return
}

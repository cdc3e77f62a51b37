// Tests that sources, sinks and conversions refuse what they cannot mean.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics

func.func @constant_c1() {
  // expected-error@+1 {{value has type 'tensor<4xf32>', expected integers}}
  %c = mpc.constant dense<1.0> : tensor<4xf32> : !mpc.private<4, 8>
  return
}

// -----

func.func @constant_c2() {
  // expected-error@+1 {{value has shape 4, expected 5}}
  %c = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<5, 8>
  return
}

// -----

func.func @encode_c1(%x: tensor<4xi64>) {
  // expected-error@+1 {{input has elements of type 'i64', expected f32}}
  %e = mpc.encode %x {fraction_bits = 4 : i64} : tensor<4xi64> -> tensor<4xi16>
  return
}

// -----

func.func @encode_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{fraction_bits is 63, expected 0 to 62}}
  %e = mpc.encode %x {fraction_bits = 63 : i64} : tensor<4xf32> -> tensor<4xi16>
  return
}

// -----

func.func @encode_c3(%x: tensor<4xf32>) {
  // expected-error@+1 {{result has elements of type 'f32', expected signless integers}}
  %e = mpc.encode %x {fraction_bits = 4 : i64} : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @input_c1(%x: tensor<4xi16>) {
  // expected-error@+1 {{has 1 inputs and 2 results, expected one result per input}}
  %e:2 = mpc.input %x : tensor<4xi16> -> !mpc.rss<4, 16>, !mpc.rss<4, 16>
  return
}

// -----

func.func @input_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{input has elements of type 'f32', expected signless integers}}
  %e = mpc.input %x : tensor<4xf32> -> !mpc.rss<4, 16>
  return
}

// -----

func.func @reveal_c1(%x: !mpc.add<4, 16>) {
  // expected-error@+1 {{result has elements of type 'i16', expected f32}}
  %e = mpc.reveal %x {fraction_bits = 4 : i64} : !mpc.add<4, 16> -> tensor<4xi16>
  return
}

// -----

func.func @reveal_c2(%x: !mpc.add<4, 16>) {
  // expected-error@+1 {{fraction_bits is -1, expected 0 to 62}}
  %e = mpc.reveal %x {fraction_bits = -1 : i64} : !mpc.add<4, 16> -> tensor<4xf32>
  return
}

// -----

func.func @reveal_c3(%x: !mpc.add<4, 16>) {
  // expected-error@+1 {{result has shape 2x2, expected 4}}
  %e = mpc.reveal %x {fraction_bits = 4 : i64} : !mpc.add<4, 16> -> tensor<2x2xf32>
  return
}

// -----

func.func @reshare_c1(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{has 1 inputs and 2 results, expected one result per input}}
  %m:2 = mpc.reshare %x : !mpc.add<4, 8> -> !mpc.rss<4, 8>, !mpc.rss<4, 8>
  return
}

// -----

func.func @reshare_c2(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{result has 16 bits, expected 8}}
  %m = mpc.reshare %x : !mpc.add<4, 8> -> !mpc.rss<4, 16>
  return
}

// -----

func.func @reshare_c3(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{has 2 streams, expected 1}}
  %m = mpc.reshare %x {streams = array<i64: 1, 2>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @stream_range(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{stream 4294967296 is out of range, expected 0 to 4294967295}}
  %m = mpc.reshare %x {streams = array<i64: 4294967296>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @extract_c1(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{takes the top 9 bits of 8, expected at most that many}}
  %m = mpc.extract %x : !mpc.add<4, 8> -> !mpc.add<4, 9>
  return
}

// -----

func.func @extract_c2(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{result has shape 2x2, expected 4}}
  %m = mpc.extract %x : !mpc.add<4, 8> -> !mpc.add<2x2, 4>
  return
}

// -----

func.func @lift_c1(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{goes from 8 to 8 bits, expected a wider ring}}
  %m = mpc.lift %x : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @lift_c2(%x: !mpc.add<4, 2>) {
  // expected-error@+1 {{input has 2 bits, expected at least 3}}
  %m = mpc.lift %x : !mpc.add<4, 2> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @lift_c3(%x: !mpc.add<4, 8>) {
  // expected-error@+1 {{result has shape 1x4, expected 4}}
  %m = mpc.lift %x : !mpc.add<4, 8> -> !mpc.rss<1x4, 16>
  return
}

// -----

func.func @wrap_c1(%x: !mpc.rss<4, 1>) {
  // expected-error@+1 {{input has 1 bit, expected at least 2 so that a value and its spare bit fit}}
  %m = mpc.wrap %x : !mpc.rss<4, 1> -> !mpc.add<4, 8>
  return
}

// -----

func.func @wrap_c2(%x: !mpc.rss<4, 8>) {
  // expected-error@+1 {{result has shape 5, expected 4}}
  %m = mpc.wrap %x : !mpc.rss<4, 8> -> !mpc.add<5, 8>
  return
}

// -----

func.func @wrap_c3(%x: !mpc.rss<4, 8>) {
  // expected-error@+1 {{has 1 streams, expected 2}}
  %m = mpc.wrap %x {streams = array<i64: 1>} : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @join_c1(%x: !mpc.rss<4, 8>, %y: !mpc.mask<4, 8>) {
  // expected-error@+1 {{wraps is of kind mask, expected rss}}
  %m = mpc.join %x, %y : (!mpc.rss<4, 8>, !mpc.mask<4, 8>) -> !mpc.rss<4, 16>
  return
}

// -----

func.func @join_c2(%x: !mpc.rss<4, 8>, %y: !mpc.rss<1, 8>) {
  // expected-error@+1 {{wraps has shape 1, expected 4}}
  %m = mpc.join %x, %y : (!mpc.rss<4, 8>, !mpc.rss<1, 8>) -> !mpc.rss<4, 16>
  return
}

// -----

func.func @join_c3(%x: !mpc.rss<4, 8>, %y: !mpc.rss<4, 7>) {
  // expected-error@+1 {{result has 16 bits, expected 15}}
  %m = mpc.join %x, %y : (!mpc.rss<4, 8>, !mpc.rss<4, 7>) -> !mpc.rss<4, 16>
  return
}

// -----

func.func @kind(%x: !mpc.rss<4, 8>) {
  // expected-error@+1 {{operand #0 must be additive share}}
  %m = mpc.extract %x : !mpc.rss<4, 8> -> !mpc.add<4, 4>
  return
}

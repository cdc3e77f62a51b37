// Tests that each way to leak fails the compile where it stands.
// RUN: mpcc-opt %s -verify-no-leak -split-input-file -verify-diagnostics

func.func @mask_drawn_twice(%a: !mpc.add<4, 8>, %b: !mpc.add<4, 8>) -> (!mpc.rss<4, 8>, !mpc.rss<4, 8>) {
  // expected-note@+1 {{first used here}}
  %x = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  // expected-error@+1 {{uses stream 3 a second time; a mask may be drawn only once}}
  %y = mpc.reshare %b {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %x, %y : !mpc.rss<4, 8>, !mpc.rss<4, 8>
}

// -----

func.func @opening_and_dealt_vector_share_a_stream(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  // expected-note@+1 {{first used here}}
  %x = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  // expected-error@+1 {{uses stream 3 a second time}}
  %y = mpc.wrap %x {streams = array<i64: 2, 3>} : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// -----

func.func @not_numbered(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 8> attributes {mpc.offline = @g} {
  // expected-error@+1 {{has no streams, but hoist-to-offline has numbered its function}}
  %x = mpc.reshare %a : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %x : !mpc.rss<4, 8>
}

// -----

func.func @private_constant_online() attributes {mpc.offline = @g} {
  // expected-error@+1 {{is P0's alone, but stands in a function that P1 and P2 run}}
  %c = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<4, 8>
  return
}

// -----

func.func @additive_operand(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{takes an additive operand, which it would have to open; run insert-share-conversions}}
  %y = mpc.product %a, %a : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// -----

func.func @abstract(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 16> {
  // expected-error@+1 {{is abstract: nothing says yet what it opens}}
  %y = mpc.lift %a : !mpc.add<4, 8> -> !mpc.rss<4, 16>
  return %y : !mpc.rss<4, 16>
}

// -----

func.func @revealed_before_the_end(%a: !mpc.add<4, 8>) -> tensor<4xf32> {
  // expected-error@+1 {{reveals a value that is no result: P1 goes on computing with it}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  // expected-note@+1 {{used here}}
  %s = nn.binary add %r, %r : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

func.func @revealed_for_nobody(%a: !mpc.add<4, 8>) {
  // expected-error@+1 {{reveals a value that is no result: the function does not return it}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return
}

// -----

func.func @private_constant_at_p1(%a: tensor<4xf32> {nn.owner = "data"}) -> tensor<4xf32> {
  // expected-error@+1 {{is private to the model owner, but P1 would hold it in the clear}}
  %c = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %s = nn.binary add %a, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

// expected-error@+1 {{argument 0 has no owner, expected nn.owner = "data"}}
func.func @nobodys_plaintext(%a: tensor<4xi8>) -> !mpc.rss<4, 8> {
  %x = mpc.input %a : tensor<4xi8> -> !mpc.rss<4, 8>
  return %x : !mpc.rss<4, 8>
}

// -----

func.func @undeclared_choice(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{was decided by looking at private numbers, which is leakage of kind 'softmax-max'; the model owner can allow it with --allow-leak=softmax-max}}
  %y = mpc.add_public %a, 3 {mpc.leak = "softmax-max"} : !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// -----

func.func @elsewhere(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  return %a : !mpc.add<4, 8>
}
func.func @call(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{has no rule that says who learns its result}}
  %y = func.call @elsewhere(%a) : (!mpc.add<4, 8>) -> !mpc.add<4, 8>
  return %y : !mpc.add<4, 8>
}

// -----

func.func private @opening_at_p0(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 8> attributes {mpc.online = @f} {
  // expected-error@+1 {{needs P1 or P2, but stands in P0's function}}
  %x = mpc.reshare %a {streams = array<i64: 0>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return %x : !mpc.rss<4, 8>
}

// Tests that each way to leak fails the compile where it stands.
// RUN: mpcc-opt %s -verify-no-leak -split-input-file -verify-diagnostics

func.func @mask_drawn_twice(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-note@+1 {{first used here}}
  %x = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  // expected-error@+1 {{uses stream 3 a second time; a mask may be drawn only once}}
  %y = mpc.reshare %a {streams = array<i64: 3>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @opening_and_dealt_vector_share_a_stream(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-note@+1 {{first used here}}
  %x = mpc.input %p {streams = array<i64: 3>} : tensor<4xi8> -> !mpc.rss<4, 8>
  // expected-error@+1 {{uses stream 3 a second time}}
  %y = mpc.wrap %x {streams = array<i64: 2, 3>} : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @not_numbered(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  // expected-error@+1 {{has no streams, but hoist-to-offline has numbered its function}}
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  return
}

// -----

func.func @weight_without_a_number(%p: tensor<1x4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<1x4xi8> -> !mpc.rss<1x4, 8>
  %w = mpc.sealed : !mpc.private<4x1, 8>
  %b = mpc.sealed : !mpc.private<1, 8>
  // expected-error@+1 {{has no weight stream}}
  %y = mpc.linear %x, %w, %b {streams = array<i64: 1>} : (!mpc.rss<1x4, 8>, !mpc.private<4x1, 8>, !mpc.private<1, 8>) -> !mpc.add<1x1, 8>
  return
}

// -----

func.func @weight_number_beyond_the_generator(%p: tensor<1x4xi8> {nn.owner = "data"}) {
  %x = mpc.input %p : tensor<1x4xi8> -> !mpc.rss<1x4, 8>
  %w = mpc.constant dense<1> : tensor<4x1xi8> : !mpc.private<4x1, 8>
  %b = mpc.constant dense<1> : tensor<1xi8> : !mpc.private<1, 8>
  // expected-error@+1 {{uses weight stream 4294967296, expected a number of 32 bits: a larger one names the bytes of a smaller one}}
  %y = mpc.linear %x, %w, %b {weight_stream = 4294967296 : i64} : (!mpc.rss<1x4, 8>, !mpc.private<4x1, 8>, !mpc.private<1, 8>) -> !mpc.add<1x1, 8>
  return
}

// -----

func.func @private_constant_online() attributes {mpc.offline = @g} {
  // expected-error@+1 {{is P0's alone, but stands in a function that P1 and P2 run}}
  %c = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<4, 8>
  return
}

// -----

func.func @sealed_by_nobody() {
  // expected-error@+1 {{stands for integers of an offline function, but there is none}}
  %c = mpc.sealed : !mpc.private<4, 8>
  return
}

// -----

func.func @mask_online() {
  // expected-error@+1 {{is P0's alone, but stands in a function that P1 and P2 run}}
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<4, 8>
  return
}

// -----

func.func @additive_operand(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-error@+1 {{takes an additive operand, which it would have to open; run insert-share-conversions}}
  %y = mpc.product %a, %a : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  return
}

// -----

func.func @abstract(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-error@+1 {{is abstract: nothing says yet what it opens}}
  %y = mpc.lift %a : !mpc.add<4, 8> -> !mpc.rss<4, 16>
  return
}

// -----

func.func @revealed_before_the_end(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals a value that is no result: P1 goes on computing with it}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  // expected-note@+1 {{used here}}
  %s = nn.binary add %r, %r : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

func.func @revealed_for_nobody(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals a value that is no result: the function does not return it}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return
}

// -----

func.func @private_constant_at_p1(%a: tensor<4xf32> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  // expected-error@+1 {{is private to the model owner, but P1 would hold it in the clear}}
  %c = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %s = nn.binary add %a, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

func.func @undeclared_choice(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-error@+1 {{was decided by looking at private numbers, which is leakage of kind 'softmax-max'; the model owner can allow it with --allow-leak=softmax-max}}
  %y = mpc.add_public %a, 3 {mpc.leak = "softmax-max"} : !mpc.add<4, 8>
  return
}

// -----

func.func @elsewhere() {
  return
}
func.func @call() {
  // expected-error@+1 {{has no rule that says who learns its result}}
  func.call @elsewhere() : () -> ()
  return
}

// -----

module {
  // expected-error@+1 {{is no function: a module of programs holds nothing else}}
  module {
    func.func @hidden() {
      return
    }
  }
}

// -----

// The quotient without its borrow, moved about.
func.func @high_bits_alone(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %q = mpc.high_bits %x {shift = 3 : i64} : !mpc.rss<4, 8> -> !mpc.add<4, 5>
  %m = mpc.reshare %q : !mpc.add<4, 5> -> !mpc.rss<4, 5>
  %a = mpc.open_free %m : !mpc.rss<4, 5> -> !mpc.add<4, 5>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 5> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @borrow_alone(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %b = mpc.read_bits %x {digits = array<i64: 5, 3>, reads = array<i64: 1>, tables = array<i64: 254>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %a = mpc.reshape %b : !mpc.add<1x4, 1> -> !mpc.add<4, 1>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 1> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// The quotient and its borrow.
func.func @quotient(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %l = mpc.resize %x : !mpc.rss<4, 8> -> !mpc.rss<4, 3>
  %q = mpc.high_bits %x {shift = 3 : i64} : !mpc.rss<4, 8> -> !mpc.add<4, 5>
  %b = mpc.read_bits %l {digits = array<i64: 3>, reads = array<i64: 0>, tables = array<i64: 254>} : !mpc.rss<4, 3> -> !mpc.add<1x4, 1>
  %o = mpc.reshare %b : !mpc.add<1x4, 1> -> !mpc.rss<1x4, 1>
  %f = mpc.from_bits %o {terms = array<i64: 1>, coefficients = array<i64: -1>} : (!mpc.rss<1x4, 1>) -> !mpc.add<4, 5>
  %a = mpc.add %q, %f : (!mpc.add<4, 5>, !mpc.add<4, 5>) -> !mpc.add<4, 5>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 5> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @borrows_beside_each_other(%p: tensor<4xi8> {nn.owner = "data"}, %q: tensor<4xi8> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %y = mpc.input %q : tensor<4xi8> -> !mpc.rss<4, 8>
  %b = mpc.read_bits %x {digits = array<i64: 5, 3>, reads = array<i64: 1>, tables = array<i64: 254>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %c = mpc.read_bits %y {digits = array<i64: 5, 3>, reads = array<i64: 1>, tables = array<i64: 254>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %a = mpc.concat %b, %c {axis = 0 : i64} : (!mpc.add<1x4, 1>, !mpc.add<1x4, 1>) -> !mpc.add<2x4, 1>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<2x4, 1> -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

func.func @borrow_in_a_wider_ring(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %b = mpc.read_bits %x {digits = array<i64: 5, 3>, reads = array<i64: 1>, tables = array<i64: 254>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %o = mpc.reshare %b : !mpc.add<1x4, 1> -> !mpc.rss<1x4, 1>
  %f = mpc.from_bits %o {terms = array<i64: 1>, coefficients = array<i64: 3>} : (!mpc.rss<1x4, 1>) -> !mpc.add<4, 5>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %f {fraction_bits = 0 : i64} : !mpc.add<4, 5> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @wrap_alone(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %z = mpc.wrap %x : !mpc.rss<4, 8> -> !mpc.add<4, 4>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %z {fraction_bits = 0 : i64} : !mpc.add<4, 4> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// The lowest bits, which borrow from nobody.
func.func @last_digit(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %b = mpc.read_bits %x {digits = array<i64: 6, 2>, reads = array<i64: 1>, tables = array<i64: 34>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %r = mpc.reveal %b {fraction_bits = 0 : i64} : !mpc.add<1x4, 1> -> tensor<1x4xf32>
  return %r : tensor<1x4xf32>
}

// -----

func.func @borrows_joined(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %b = mpc.read_bits %x {digits = array<i64: 5, 3>, reads = array<i64: 1>, tables = array<i64: 254>} : !mpc.rss<4, 8> -> !mpc.add<1x4, 1>
  %o = mpc.reshare %b : !mpc.add<1x4, 1> -> !mpc.rss<1x4, 1>
  %j = mpc.join %o, %o : (!mpc.rss<1x4, 1>, !mpc.rss<1x4, 1>) -> !mpc.rss<1x4, 2>
  %a = mpc.open_free %j : !mpc.rss<1x4, 2> -> !mpc.add<1x4, 2>
  // expected-error@+1 {{reveals what digits say beside those of a mask}}
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<1x4, 2> -> tensor<1x4xf32>
  return %r : tensor<1x4xf32>
}

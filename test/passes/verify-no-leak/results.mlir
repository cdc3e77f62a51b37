// Tests that results depend on the input of P1, and are those that the model names.
// RUN: mpcc-opt %s -verify-no-leak -split-input-file -verify-diagnostics

func.func @table_as_result(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %t = mpc.constant dense<[3, 1, 4, 1]> : tensor<4xi8> : !mpc.private<4, 8>
  %s = mpc.product const %t : (!mpc.private<4, 8>) -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals elements that do not depend on the input of P1: they are the model's own}}
  %r = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// One row of the input is P1's, the other reads a row of the weight.
func.func @weight_behind_a_unit_row(%p: tensor<1x2xi8> {nn.owner = "data"}, %q: tensor<1x2xf32> {nn.owner = "data"}) -> (tensor<2x2xf32> {nn.name = "y"}) {
  %i = nn.constant public dense<[[1.0, 0.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %c = nn.concat %i, %q {axis = 0 : i64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %e = mpc.encode %c {fraction_bits = 0 : i64} : tensor<2x2xf32> -> tensor<2x2xi8>
  %x = mpc.input %e : tensor<2x2xi8> -> !mpc.rss<2x2, 8>
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<2x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<2x2, 8>
  // expected-error@+1 {{reveals elements that do not depend on the input of P1}}
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<2x2, 8> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// -----

func.func @weight_beside_a_result(%p: tensor<2xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<2xi8> -> !mpc.add<2, 8>
  %t = mpc.constant dense<3> : tensor<2xi8> : !mpc.private<2, 8>
  %s = mpc.product const %t : (!mpc.private<2, 8>) -> !mpc.add<2, 8>
  %c = mpc.concat %a, %s {axis = 0 : i64} : (!mpc.add<2, 8>, !mpc.add<2, 8>) -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals elements that do not depend on the input of P1}}
  %r = mpc.reveal %c {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @input_that_cancels(%p: tensor<2xi8> {nn.owner = "data"}) -> (tensor<2xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<2xi8> -> !mpc.add<2, 8>
  %z = mpc.mul_public %a, 256 : !mpc.add<2, 8>
  %t = mpc.constant dense<3> : tensor<2xi8> : !mpc.private<2, 8>
  %s = mpc.product const %t : (!mpc.private<2, 8>) -> !mpc.add<2, 8>
  %c = mpc.add %s, %z : (!mpc.add<2, 8>, !mpc.add<2, 8>) -> !mpc.add<2, 8>
  // expected-error@+1 {{reveals elements that do not depend on the input of P1}}
  %r = mpc.reveal %c {fraction_bits = 0 : i64} : !mpc.add<2, 8> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

// A constant row that is mixed with the others by products is no leak.
func.func @mixed_rows(%p: tensor<1x2xi8> {nn.owner = "data"}) -> (tensor<1x1x2xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<1x2xi8> -> !mpc.add<1x2, 8>
  %t = mpc.constant dense<3> : tensor<1x2xi8> : !mpc.private<1x2, 8>
  %s = mpc.product const %t : (!mpc.private<1x2, 8>) -> !mpc.add<1x2, 8>
  %c = mpc.concat %a, %s {axis = 0 : i64} : (!mpc.add<1x2, 8>, !mpc.add<1x2, 8>) -> !mpc.add<2x2, 8>
  %o = mpc.reshare %c : !mpc.add<2x2, 8> -> !mpc.rss<2x2, 8>
  %m = mpc.reshape %o : !mpc.rss<2x2, 8> -> !mpc.rss<1x2x2, 8>
  %q = mpc.slice %m [0, 1, 0] : !mpc.rss<1x2x2, 8> -> !mpc.rss<1x1x2, 8>
  %y = mpc.matmul %q, %m {transpose_b} : (!mpc.rss<1x1x2, 8>, !mpc.rss<1x2x2, 8>) -> !mpc.add<1x1x2, 8>
  %v = mpc.transpose %m [0, 2, 1] : !mpc.rss<1x2x2, 8> -> !mpc.rss<1x2x2, 8>
  %n = mpc.reshare %y : !mpc.add<1x1x2, 8> -> !mpc.rss<1x1x2, 8>
  %z = mpc.matmul %n, %v {transpose_b} : (!mpc.rss<1x1x2, 8>, !mpc.rss<1x2x2, 8>) -> !mpc.add<1x1x2, 8>
  %r = mpc.reveal %z {fraction_bits = 0 : i64} : !mpc.add<1x1x2, 8> -> tensor<1x1x2xf32>
  return %r : tensor<1x1x2xf32>
}

// -----

// expected-error@+1 {{result 1 has no name of its own, expected nn.name: what the model does not name is hidden}}
func.func @hidden_layer(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32>) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r, %r : tensor<4xf32>, tensor<4xf32>
}

// -----

// expected-error@+1 {{result 1 has no name of its own}}
func.func @one_name_twice(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r, %r : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @short(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}
// expected-error@+1 {{has other results than 'short': programs of one model return the same}}
func.func @long(%p: tensor<8xi8> {nn.owner = "data"}) -> (tensor<8xf32> {nn.name = "y"}, tensor<8xf32> {nn.name = "z"}) {
  %a = mpc.input_local %p : tensor<8xi8> -> !mpc.add<8, 8>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<8, 8> -> tensor<8xf32>
  return %r, %r : tensor<8xf32>, tensor<8xf32>
}

// -----

// expected-error@+1 {{returns '!mpc.private<4, 8>' as result 0, expected plaintext that is revealed}}
func.func @private_returned(%p: tensor<4xf32> {nn.owner = "data"}) -> !mpc.private<4, 8> {
  %w = mpc.constant dense<1> : tensor<4xi8> : !mpc.private<4, 8>
  return %w : !mpc.private<4, 8>
}

// -----

// expected-error@+1 {{returns '!mpc.add<4, 8>' as result 0}}
func.func @share_returned(%p: tensor<4xi8> {nn.owner = "data"}) -> !mpc.add<4, 8> {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  return %a : !mpc.add<4, 8>
}

// -----

// expected-error@+1 {{argument 0 has type '!mpc.private<4, 8>', which P0 alone holds; expected plaintext of P1}}
func.func @private_argument(%w: !mpc.private<4, 8>) {
  return
}

// -----

// expected-error@+1 {{argument 0 has no owner, expected nn.owner = "data"}}
func.func @nobodys_plaintext(%a: tensor<4xi8>) {
  return
}

// -----

// expected-error@+1 {{returns other results than the model, expected ["y"]}}
func.func @more_than_the_model_names(%p: tensor<4xi8> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "hidden"}) attributes {nn.results = ["y"]} {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r, %r : tensor<4xf32>, tensor<4xf32>
}

// -----

// A single result is the result, whatever it is called; shares that P1 and P2 hold may come in.
func.func @one_result(%a: !mpc.add<4, 8>) -> tensor<4xf32> {
  %r = mpc.reveal %a {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @input_that_cancels(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %c = mpc.constant dense<7> : tensor<4xi8> : !mpc.private<4, 8>
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %a = mpc.open_free %x : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  %s = mpc.product const %c : (!mpc.private<4, 8>) -> !mpc.add<4, 8>
  %t = mpc.add %s, %a : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  %y = mpc.sub %t, %a : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals elements that no input of P1 moves, though they are computed with it: they are the model's own}}
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Of one element: the others keep what moves them.
func.func @one_that_cancels_among_others(%p: tensor<4xi8> {nn.owner = "data"}) -> tensor<4xf32> {
  %c = mpc.constant dense<7> : tensor<4xi8> : !mpc.private<4, 8>
  %x = mpc.input %p : tensor<4xi8> -> !mpc.rss<4, 8>
  %a = mpc.open_free %x : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  %b = mpc.mul_public %a, 3 : !mpc.add<4, 8>
  %u = mpc.slice %a [0] : !mpc.add<4, 8> -> !mpc.add<1, 8>
  %v = mpc.slice %b [1] : !mpc.add<4, 8> -> !mpc.add<3, 8>
  %w = mpc.concat %u, %v {axis = 0 : i64} : (!mpc.add<1, 8>, !mpc.add<3, 8>) -> !mpc.add<4, 8>
  %s = mpc.product const %c : (!mpc.private<4, 8>) -> !mpc.add<4, 8>
  %t = mpc.add %s, %w : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  %y = mpc.sub %t, %a : (!mpc.add<4, 8>, !mpc.add<4, 8>) -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals elements that no input of P1 moves}}
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A comparison and its opposite make 1, and 1 * c is c.
func.func @factor_behind_bits(%x: !mpc.rss<4, 2>) -> tensor<4xf32> {
  %c = mpc.constant dense<3> : tensor<1xi8> : !mpc.private<1, 8>
  %d = mpc.read_bits %x {digits = array<i64: 1, 1>, reads = array<i64: 1, 1>, tables = array<i64: 2, 12>} : !mpc.rss<4, 2> -> !mpc.add<2x4, 1>
  %b = mpc.reshare %d : !mpc.add<2x4, 1> -> !mpc.rss<2x4, 1>
  %y = mpc.from_bits %b const %c {terms = array<i64: 1, 2>, coefficients = array<i64: 1, 1>} : (!mpc.rss<2x4, 1>, !mpc.private<1, 8>) -> !mpc.add<4, 8>
  // expected-error@+1 {{reveals elements that no input of P1 moves}}
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// x's upper bit times c, which any x moves: nothing is wrong.
func.func @factor_of_a_bit(%x: !mpc.rss<4, 2>) -> tensor<4xf32> {
  %c = mpc.constant dense<4> : tensor<1xi8> : !mpc.private<1, 8>
  %d = mpc.read_bits %x {digits = array<i64: 1, 1>, reads = array<i64: 0, 1>, tables = array<i64: 10, 2>} : !mpc.rss<4, 2> -> !mpc.add<2x4, 1>
  %b = mpc.reshare %d : !mpc.add<2x4, 1> -> !mpc.rss<2x4, 1>
  %y = mpc.from_bits %b const %c {terms = array<i64: 1, 2, 3>, coefficients = array<i64: 1, 1, -2>} : (!mpc.rss<2x4, 1>, !mpc.private<1, 8>) -> !mpc.add<4, 8>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

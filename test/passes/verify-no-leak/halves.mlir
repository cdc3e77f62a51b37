// Tests that what P0 deals is what P1 and P2 consume: streams, kinds of masks, targets, parameters and operands.
// RUN: mpcc-opt %s -verify-no-leak=allow-leak=rounding-coins -split-input-file -verify-diagnostics

func.func @agree(%p: tensor<1x4xi8> {nn.owner = "data"}) -> (tensor<2x2xf32> {nn.name = "y"}) attributes {mpc.offline = @g} {
  %t = mpc.sealed : !mpc.private<1x256, 8>
  %x = mpc.input %p {streams = array<i64: 4294967295>} : tensor<1x4xi8> -> !mpc.rss<1x4, 8>
  %m = mpc.reshape %x : !mpc.rss<1x4, 8> -> !mpc.rss<2x2, 8>
  %n = mpc.add_public %m, 3 : !mpc.rss<2x2, 8>
  %y = mpc.lut %n, %t {shift = 0 : i64, streams = array<i64: 1>} : (!mpc.rss<2x2, 8>, !mpc.private<1x256, 8>) -> !mpc.add<2x2, 8>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<2x2, 8> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}
func.func private @g() attributes {mpc.online = @agree} {
  %t = mpc.constant dense<1> : tensor<1x256xi8> : !mpc.private<1x256, 8>
  %x = mpc.draw_mask input {streams = array<i64: 4294967295>} : !mpc.mask<1x4, 8>
  %m = mpc.reshape %x : !mpc.mask<1x4, 8> -> !mpc.mask<2x2, 8>
  mpc.deal "lut" %m, %t {params = {shift = 0 : i64}, result_type = !mpc.add<2x2, 8>, streams = array<i64: 1>} : !mpc.mask<2x2, 8>, !mpc.private<1x256, 8>
  return
}

// -----

// Each half is clean alone; together P2 would learn the table rotated by -x, less x.
func.func @f(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %t = mpc.sealed : !mpc.private<1x256, 8>
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<4xi8> -> !mpc.rss<4, 8>
  %q = mpc.input %p {streams = array<i64: 1>} : tensor<4xi8> -> !mpc.rss<4, 8>
  // expected-note@+1 {{consumed here}}
  %y = mpc.lut %x, %t {shift = 0 : i64, streams = array<i64: 2>} : (!mpc.rss<4, 8>, !mpc.private<1x256, 8>) -> !mpc.add<4, 8>
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %t = mpc.constant dense<1> : tensor<1x256xi8> : !mpc.private<1x256, 8>
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<4, 8>
  // expected-error@+1 {{deals for another operation, or under other streams, than the online half consumes next}}
  mpc.deal "lut" %x, %t {params = {shift = 0 : i64}, result_type = !mpc.add<4, 8>, streams = array<i64: 1>} : !mpc.mask<4, 8>, !mpc.private<1x256, 8>
  return
}

// -----

func.func @f(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  // expected-note@+1 {{opened here}}
  %x = mpc.reshare %a {streams = array<i64: 0>} : !mpc.add<4, 8> -> !mpc.rss<4, 8>
  return
}
func.func private @g() attributes {mpc.online = @f} {
  // expected-error@+1 {{draws another mask than the online half opens with}}
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<4, 8>
  return
}

// -----

func.func @f(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  // expected-note@+1 {{opened here}}
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<4xi8> -> !mpc.rss<4, 8>
  return
}
func.func private @g() attributes {mpc.online = @f} {
  // expected-error@+1 {{draws another mask than the online half opens with}}
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<4, 7>
  return
}

// -----

func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  // expected-error@+1 {{draws a mask under a stream that no online operation opens with}}
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<4, 8>
  return
}

// -----

func.func @f(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %t = mpc.sealed : !mpc.private<1x16, 8>
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<4xi8> -> !mpc.rss<4, 8>
  // expected-note@+1 {{consumed here}}
  %y = mpc.lut %x, %t {shift = 4 : i64, streams = array<i64: 1>} : (!mpc.rss<4, 8>, !mpc.private<1x16, 8>) -> !mpc.add<4, 8>
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %t = mpc.constant dense<1> : tensor<1x16xi8> : !mpc.private<1x16, 8>
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<4, 8>
  // expected-error@+1 {{deals with other parameters than the online half computes with}}
  mpc.deal "lut" %x, %t {params = {shift = 0 : i64}, result_type = !mpc.add<4, 8>, streams = array<i64: 1>} : !mpc.mask<4, 8>, !mpc.private<1x16, 8>
  return
}

// -----

func.func @f(%p: tensor<1x2x2xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %x:2 = mpc.input %p, %p {streams = array<i64: 0, 1>} : tensor<1x2x2xi8>, tensor<1x2x2xi8> -> !mpc.rss<1x2x2, 8>, !mpc.rss<1x2x2, 8>
  %s = mpc.transpose %x#0 [0, 2, 1] : !mpc.rss<1x2x2, 8> -> !mpc.rss<1x2x2, 8>
  // expected-note@+1 {{consumed here}}
  %y = mpc.matmul %s, %x#1 {streams = array<i64: 2>} : (!mpc.rss<1x2x2, 8>, !mpc.rss<1x2x2, 8>) -> !mpc.add<1x2x2, 8>
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<1x2x2, 8>
  %q = mpc.draw_mask input {streams = array<i64: 1>} : !mpc.mask<1x2x2, 8>
  // expected-error@+1 {{deals by another operand #0 than the online operation reads}}
  mpc.deal "matmul" %x, %q {params = {}, result_type = !mpc.add<1x2x2, 8>, streams = array<i64: 2>} : !mpc.mask<1x2x2, 8>, !mpc.mask<1x2x2, 8>
  return
}

// -----

func.func @f(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<4xi8> -> !mpc.rss<4, 8>
  %y = mpc.product %x {streams = array<i64: 1>} : (!mpc.rss<4, 8>) -> !mpc.add<4, 8>
  return
}
// expected-error@+1 {{deals 0 times, but 1 online operations consume}}
func.func private @g() attributes {mpc.online = @f} {
  return
}

// -----

func.func @f() attributes {mpc.offline = @g} {
  return
}
// expected-error@+1 {{takes or returns values, but P0 deals before there are any}}
func.func private @g(%p: tensor<4xi8> {nn.owner = "data"}) attributes {mpc.online = @f} {
  return
}

// -----

func.func @f(%p: tensor<4xf32> {nn.owner = "data"}) attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  // expected-error@+1 {{needs P1 or P2, but stands in P0's function}}
  %c = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  return
}

// -----

// expected-error@+1 {{and its offline part do not name each other, one to one}}
func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @h} {
  return
}

// -----

// expected-error@+1 {{deals for a function that does not name it as its offline part}}
func.func private @g() attributes {mpc.online = @f} {
  return
}

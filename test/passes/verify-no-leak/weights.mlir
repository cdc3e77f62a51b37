// Tests that one weight stream stands for one weight in all programs, whose shares P2 could subtract else.
// RUN: mpcc-opt %s -verify-no-leak -split-input-file -verify-diagnostics

func.func @f(%p: tensor<1x2xi8> {nn.owner = "data"}) attributes {mpc.offline = @fo, mpc.sequence_length = 1 : i64} {
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<1x2xi8> -> !mpc.rss<1x2, 8>
  %w = mpc.sealed : !mpc.private<2x2, 8>
  %b = mpc.sealed : !mpc.private<2, 8>
  %y = mpc.linear %x, %w, %b {streams = array<i64: 1>, weight_stream = 0 : i64} : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return
}
func.func private @fo() attributes {mpc.online = @f} {
  %w = mpc.constant dense<1> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<1x2, 8>
  // expected-note@+1 {{first used here}}
  mpc.deal "linear" %x, %w, %b {params = {weight_stream = 0 : i64}, result_type = !mpc.add<1x2, 8>, streams = array<i64: 1>} : !mpc.mask<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>
  return
}
func.func @h(%p: tensor<1x2xi8> {nn.owner = "data"}) attributes {mpc.offline = @ho, mpc.sequence_length = 2 : i64} {
  %x = mpc.input %p {streams = array<i64: 0>} : tensor<1x2xi8> -> !mpc.rss<1x2, 8>
  %w = mpc.sealed : !mpc.private<2x2, 8>
  %b = mpc.sealed : !mpc.private<2, 8>
  %y = mpc.linear %x, %w, %b {streams = array<i64: 1>, weight_stream = 0 : i64} : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8>
  return
}
func.func private @ho() attributes {mpc.online = @h} {
  %w = mpc.constant dense<2> : tensor<2x2xi8> : !mpc.private<2x2, 8>
  %b = mpc.constant dense<0> : tensor<2xi8> : !mpc.private<2, 8>
  %x = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<1x2, 8>
  // expected-error@+1 {{shares another weight under weight stream 0; both together tell their difference}}
  mpc.deal "linear" %x, %w, %b {params = {weight_stream = 0 : i64}, result_type = !mpc.add<1x2, 8>, streams = array<i64: 1>} : !mpc.mask<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>
  return
}

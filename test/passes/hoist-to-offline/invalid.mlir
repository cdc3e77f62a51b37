// Tests that programs are refused that branch or in which P0 could not deal, and that none is split twice.
// RUN: mpcc-opt %s -hoist-to-offline -split-input-file -verify-diagnostics -allow-unregistered-dialect

func.func @additive_operand(%a: !mpc.add<1x4, 8>) -> !mpc.add<1x4, 16> {
  %t = mpc.constant dense<1> : tensor<1x256xi16> : !mpc.private<1x256, 16>
  // expected-error@+1 {{operand #0 of type '!mpc.add<1x4, 8>' is unknown to P0 before the inference}}
  %r = mpc.lut %a, %t {shift = 0 : i64} : (!mpc.add<1x4, 8>, !mpc.private<1x256, 16>) -> !mpc.add<1x4, 16>
  return %r : !mpc.add<1x4, 16>
}

// -----

func.func @mask_not_drawn(%x: !mpc.rss<4, 8>) -> !mpc.add<4, 8> {
  // expected-error@+1 {{is unknown to P0 before the inference}}
  %w = mpc.wrap %x : !mpc.rss<4, 8> -> !mpc.add<4, 8>
  return %w : !mpc.add<4, 8>
}

// -----

func.func @abstract(%a: !mpc.add<4, 8>) -> !mpc.rss<4, 16> {
  // expected-error@+1 {{is abstract; run 'insert-share-conversions' first}}
  %r = mpc.lift %a : !mpc.add<4, 8> -> !mpc.rss<4, 16>
  return %r : !mpc.rss<4, 16>
}

// -----

// expected-error@+1 {{is split already}}
func.func @twice(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> attributes {mpc.offline = @twice_offline} {
  return %a : !mpc.add<4, 8>
}
func.func private @twice_offline() attributes {mpc.online = @twice} {
  return
}

// -----

// expected-error@+1 {{has several blocks}}
func.func @loop(%a: !mpc.add<4, 8>) -> !mpc.add<4, 8> {
  "test.branch"()[^end] : () -> ()
^end:
  return %a : !mpc.add<4, 8>
}

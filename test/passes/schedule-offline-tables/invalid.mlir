// Tests that online operations and deals must match one to one.
// RUN: mpcc-opt %s -schedule-offline-tables -split-input-file -verify-diagnostics

func.func @not_dealt(%x: !mpc.rss<3, 4>) -> !mpc.add<3, 5> attributes {mpc.offline = @g} {
  // expected-error@+1 {{has no 'mpc.deal' with its streams in the offline function}}
  %w = mpc.wrap %x {streams = array<i64: 2, 3>} : !mpc.rss<3, 4> -> !mpc.add<3, 5>
  return %w : !mpc.add<3, 5>
}
func.func private @g() attributes {mpc.online = @not_dealt} {
  return
}

// -----

func.func @not_consumed() attributes {mpc.offline = @g} {
  return
}
// expected-error@+1 {{deals 1 times, online operations consume 0}}
func.func private @g() attributes {mpc.online = @not_consumed} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64: 2, 3>} : !mpc.mask<3, 4>
  return
}

// -----

// expected-error@+1 {{names @nowhere as its offline part, but the module does not define both}}
func.func @no_partner() attributes {mpc.offline = @nowhere} {
  return
}

// -----

func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  // expected-error@+1 {{has no streams}}
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64>} : !mpc.mask<3, 4>
  return
}

// -----

func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<3, 4>
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64: 2, 3>} : !mpc.mask<3, 4>
  // expected-error@+1 {{repeats stream 2}}
  mpc.deal "wrap" %x {params = {}, result_type = !mpc.add<3, 5>, streams = array<i64: 2, 3>} : !mpc.mask<3, 4>
  return
}

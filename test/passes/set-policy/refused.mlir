// Tests that a pass that reads the policy refuses one of unknown form.
// RUN: mpcc-opt %s -choose-rings -split-input-file -verify-diagnostics

// expected-error@+1 {{policy norm-width=40; accepted: 14 to 20; remedy: leave it out for 17}}
module attributes {mpc.policy = {"norm-width" = 40}} {
  func.func @f() {
    return
  }
}

// -----

// expected-error@+1 {{'mpc.policy' that is no dictionary}}
module attributes {mpc.policy = 4} {
  func.func @f() {
    return
  }
}

// Tests that a mark of leakage that nobody would find, or understand, is an error.
// RUN: mpcc-opt %s -verify-no-leak=allow-leak=ring -split-input-file -verify-diagnostics

func.func @known(%p: tensor<4xi8> {nn.owner = "data"}) {
  %a = mpc.input_local %p {mpc.leak = ["ring"]} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @no_string(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-error@+1 {{has a mark of leakage of unknown form, expected a kind or a list of kinds, as strings}}
  %a = mpc.input_local %p {mpc.leak = 1 : i64} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @no_kind(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-error@+1 {{has a mark of leakage of unknown form}}
  %a = mpc.input_local %p {mpc.leak} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @half_a_list(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-error@+1 {{has a mark of leakage of unknown form}}
  %a = mpc.input_local %p {mpc.leak = ["ring", @softmax]} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

// -----

func.func @dictionary(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-error@+1 {{has a mark of leakage within its attribute 'mpc.notes', where nobody looks for one}}
  %a = mpc.input_local %p {mpc.notes = [{mpc.leak = "ring"}]} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

// -----

// expected-error@+1 {{has a mark of leakage within its attribute 'arg_attrs'}}
func.func @argument(%p: tensor<4xi8> {nn.owner = "data", mpc.leak = "ring"}) {
  return
}

// -----

// expected-error@+1 {{has a mark of leakage, which counts on functions and their operations only}}
module attributes {mpc.leak = "ring"} {
  func.func @f() {
    return
  }
}

// -----

func.func @misspelt(%p: tensor<4xi8> {nn.owner = "data"}) {
  // expected-error@+1 {{has an attribute 'mpc.leaks', expected mpc.leak for a mark of leakage}}
  %a = mpc.input_local %p {mpc.leaks = "ring"} : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

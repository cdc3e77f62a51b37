// Tests that an operator on plaintext which does not fit its row is refused.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics

func.func @unknown(%x: tensor<4xi64>) {
  // expected-error@+1 {{names no operator of runtime/plain}}
  %y = nn.plain "sort"(%x) [] : (tensor<4xi64>) -> tensor<4xi64>
  return
}

// -----

func.func @operands(%x: tensor<4xi64>) {
  // expected-error@+1 {{dimension 0 is outside the operand}}
  %y = nn.plain "slice"(%x) [3, 1, 2] : (tensor<4xi64>) -> tensor<2xi64>
  return
}

// -----

func.func @result(%x: tensor<4xi64>) {
  // expected-error@+1 {{gives 'tensor<4xi64>', expected 'tensor<8xi64>'}}
  %y = nn.plain "tile"(%x) [2] : (tensor<4xi64>) -> tensor<4xi64>
  return
}

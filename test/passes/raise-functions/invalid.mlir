// Tests that a body which computes no number does not reach the pass, which has no error of its own.
// RUN: mpcc-opt %s -raise-functions -split-input-file -verify-diagnostics

func.func @rank(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{has a body of 1 arguments, expected one of 'tensor<f32>'}}
  %y = nn.map %x {
  ^bb0(%v: tensor<4xf32>):
    nn.yield %v : tensor<4xf32>
  } : tensor<4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @row(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = nn.map %x {
  ^bb0(%v: tensor<f32>):
    // expected-error@+1 {{stands in a map, expected constants and elementwise ops}}
    %s = nn.softmax %v : (tensor<f32>) -> tensor<f32>
    nn.yield %s : tensor<f32>
  } : tensor<4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

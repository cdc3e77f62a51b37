// Tests that a product without a number of terms does not reach the pass, which has no error of its own: its verifier refuses it.
// RUN: mpcc-opt %s -choose-rings -split-input-file -verify-diagnostics

func.func @linear(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error@+1 {{weight has shape [4], expected [K, N]}}
  %y = nn.linear %x, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @matmul(%x: tensor<2x4xf32>, %y: tensor<3x2xf32>) -> tensor<2x2xf32> {
  // expected-error@+1 {{[2x4] and [3x2], which do not multiply}}
  %z = nn.matmul %x, %y : (tensor<2x4xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

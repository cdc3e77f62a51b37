// RUN: mpcc-opt --verify-canonical-nn --verify-diagnostics %s

// Tests that all ops without a lowering are reported, and that visible values may use them.
func.func @secret(%x: tensor<4xf32>, %d: tensor<4xf32> {nn.owner = "data"}) -> (tensor<4xf32>, tensor<1xf32>, tensor<4xf32>) {
  // expected-error @+1 {{function 'sqrt' of secret values; accepted: gelu}}
  %a = nn.unary sqrt %x : tensor<4xf32> -> tensor<4xf32>
  // expected-error @+1 {{'reduce' of secret values}}
  %b = nn.reduce sum %x [0] : tensor<4xf32> -> tensor<1xf32>
  %c = nn.unary sqrt %d : tensor<4xf32> -> tensor<4xf32>
  return %a, %b, %c : tensor<4xf32>, tensor<1xf32>, tensor<4xf32>
}

// Tests that products are refused whose sum no ring holds, and by the verifier those without a number of terms.
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

// -----

!x = tensor<1x1024x!quant.uniform<i32:f32, 0.5>>
!w = tensor<1024x2x!quant.uniform<i32:f32, 0.5>>
!z = tensor<1x2x!quant.uniform<i32:f32, 0.5>>
func.func @too_wide(%q: !x, %w: !w) -> !z {
  // expected-error@+1 {{products whose sum takes more than 64 bits}}
  %y = nn.linear %q, %w : (!x, !w) -> tensor<1x2xf32>
  %z = nn.quantize %y : tensor<1x2xf32> -> !z
  return %z : !z
}

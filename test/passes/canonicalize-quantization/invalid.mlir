// Tests that parameters whose types do not fit them do not reach the pass, which has no error of its own: the verifier refuses them.
// RUN: mpcc-opt %s -canonicalize-quantization -split-input-file -verify-diagnostics

func.func @one_scale_too_many() -> tensor<2x2xf32> {
  // expected-error@+1 {{3 scales for dimension 1 of shape [2x2]}}
  %w = nn.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25, 1.0}>>
  %x = nn.dequantize %w : tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25, 1.0}>> -> tensor<2x2xf32>
  return %x : tensor<2x2xf32>
}

// -----

func.func @container_too_narrow() -> tensor<2xf32> {
  // expected-error@+1 {{stores elements as 'i8'}}
  %b = nn.constant dense<1> : tensor<2xi8> : tensor<2x!quant.uniform<i32:f32, 0.5>>
  %x = nn.dequantize %b : tensor<2x!quant.uniform<i32:f32, 0.5>> -> tensor<2xf32>
  return %x : tensor<2xf32>
}

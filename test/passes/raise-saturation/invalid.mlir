// Tests that a quantizer of another shape does not reach the pass, which has no error of its own: the verifier refuses it.
// RUN: mpcc-opt %s -raise-saturation -verify-diagnostics

func.func @f(%x: tensor<4xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.25>> {
  // expected-error@+1 {{result has shape [2], expected [4]}}
  %q = nn.quantize %x : tensor<4xf32> -> tensor<2x!quant.uniform<u8:f32, 0.25>>
  return %q : tensor<2x!quant.uniform<u8:f32, 0.25>>
}

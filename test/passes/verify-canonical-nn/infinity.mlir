// Tests that what stands for infinity in a mask is reported wherever something else than a softmax reads it.
// RUN: mpcc-opt %s -verify-canonical-nn -verify-diagnostics

!real = tensor<2x2xf32>
!q = tensor<2x2x!quant.uniform<i8:f32, 0.5>>

func.func @infinity(%x: !real, %mask: tensor<2xf32> {nn.owner = "data", nn.role = "mask"}) {
  %low = nn.constant public dense<-3.0e38> : tensor<f32> : tensor<f32>
  %summand = nn.binary mul %mask, %low : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  // expected-error@+1 {{numbers that stand for infinity}}
  %a = nn.binary add %x, %summand : (!real, tensor<2xf32>) -> !real
  // expected-error@+1 {{numbers that stand for infinity}}
  %b = nn.binary max %x, %low : (!real, tensor<f32>) -> !real
  %log = nn.unary log %mask : tensor<2xf32> -> tensor<2xf32>
  // expected-error@+1 {{numbers that stand for infinity}}
  %c = nn.binary sub %x, %log : (!real, tensor<2xf32>) -> !real
  %small = nn.unary tanh %summand : tensor<2xf32> -> tensor<2xf32>
  %d = nn.binary add %x, %small : (!real, tensor<2xf32>) -> !real
  %softmax = nn.softmax %x mask %summand : (!real, tensor<2xf32>) -> !real
  %q = nn.quantize %softmax : !real -> !q
  return
}

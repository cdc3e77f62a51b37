// Tests that ops which are accepted in one form are reported in the others.
// RUN: mpcc-opt %s -verify-canonical-nn -verify-diagnostics

!real = tensor<2x2xf32>
!q = tensor<2x2x!quant.uniform<i8:f32, 0.5>>
!channels = tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>

func.func @secret(%x: !real, %q: !q, %ids: tensor<2xi64> {nn.owner = "data"}) {
  %row = nn.constant dense<[1.0, 0.0]> : tensor<2xf32> : tensor<2xf32>
  %column = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32> : tensor<2x1xf32>
  // expected-error@+1 {{a division by a constant that holds 0}}
  %b = nn.binary div %x, %row : (!real, tensor<2xf32>) -> !real
  // expected-error@+1 {{elementwise 'mul' of secret values}}
  %c = nn.binary mul %x, %column : (!real, tensor<2x1xf32>) -> !real
  // expected-error@+1 {{a product of computed float values}}
  %d = nn.matmul %x, %x : (!real, !real) -> !real
  // expected-error@+1 {{quantized weights with a float input}}
  %e = nn.linear %x, %q : (!real, !q) -> !real
  // expected-error@+1 {{a softmax that no quantizer reads}}
  %f = nn.softmax %x : (!real) -> !real
  %g = nn.binary add %f, %x : (!real, !real) -> !real
  // expected-error@+1 {{a scale for each channel}}
  %h = nn.quantize %x : !real -> !channels
  // expected-error@+1 {{a lookup by data in a secret table}}
  %i = nn.gather %x, %ids : (!real, tensor<2xi64>) -> !real
  // expected-error@+1 {{operator 'tile' of secret values}}
  %j = nn.plain "tile"(%x) [1, 1] : (!real) -> !real
  return
}

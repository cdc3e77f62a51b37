// Tests that the range of the value goes on, and that the end is that of the bounds, which a Clip behind the quantizer may have narrowed.
// CHECK-LABEL: @clip
// RUN: mpcc-opt %s -raise-saturation | FileCheck %s
// CHECK: nn.unary relu {{.*}}nn.range = 7.000000e+00
func.func @clip(%x: tensor<4xf32>) -> tensor<4x!quant.uniform<i8<0:15>:f32, 0.25>> {
  %e = nn.unary gelu %x {nn.range = 7.0 : f64} : tensor<4xf32> -> tensor<4xf32>
  %q = nn.quantize %e : tensor<4xf32> -> tensor<4x!quant.uniform<i8<0:15>:f32, 0.25>>
  return %q : tensor<4x!quant.uniform<i8<0:15>:f32, 0.25>>
}

// Tests that a quantizer behind such a quantizer adds nothing.
// CHECK-LABEL: @twice
// CHECK-COUNT-1: nn.unary relu
// CHECK-NOT: nn.unary relu
func.func @twice(%x: tensor<4xf32>) -> tensor<2x2x!quant.uniform<u8:f32, 0.5>> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<u8:f32, 0.25>> -> tensor<4xf32>
  %r = nn.reshape %d : tensor<4xf32> -> tensor<2x2xf32>
  %p = nn.quantize %r : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8:f32, 0.5>>
  return %p : tensor<2x2x!quant.uniform<u8:f32, 0.5>>
}

// Tests that a quantizer whose range begins at zero, of a value that may be negative, is ReLU and quantizer.
// RUN: mpcc-opt %s -raise-saturation | FileCheck %s

// CHECK-LABEL: @relu
// CHECK: %[[R:.*]] = nn.unary relu %arg0
// CHECK: nn.quantize %[[R]]
func.func @relu(%x: tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32, 0.25:-128>> {
  %q = nn.quantize %x : tensor<2x3xf32> -> tensor<2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return %q : tensor<2x3x!quant.uniform<i8:f32, 0.25:-128>>
}

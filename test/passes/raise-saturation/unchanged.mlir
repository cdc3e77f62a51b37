// RUN: mpcc-opt %s -raise-saturation | FileCheck %s

// Tests that a range with zero inside stays, whatever its zero point.
// CHECK-LABEL: @inside
// CHECK-NOT: relu
func.func @inside(%x: tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 0.25:-127>> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25:-127>>
  return %q : tensor<4x!quant.uniform<i8:f32, 0.25:-127>>
}

// Tests that values which cannot be negative need no ReLU.
// CHECK-LABEL: @non_negative
// CHECK-NOT: relu
func.func @non_negative(%x: tensor<2x4xf32>) -> (tensor<2x4x!quant.uniform<u8:f32, 0.25>>, tensor<2x4x!quant.uniform<u8:f32, 0.25>>) {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %p = nn.softmax %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %q = nn.quantize %p : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<u8:f32, 0.25>>
  %s = nn.binary pow %x, %two : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %m = nn.binary mul %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %a = nn.binary add %s, %m : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %r = nn.quantize %a : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<u8:f32, 0.25>>
  return %q, %r : tensor<2x4x!quant.uniform<u8:f32, 0.25>>, tensor<2x4x!quant.uniform<u8:f32, 0.25>>
}

// Tests that what the data owner computes is quantized as it stands.
// CHECK-LABEL: @visible
// CHECK-NOT: relu
func.func @visible(%x: tensor<4xf32> {nn.owner = "data"}) -> tensor<4xf32> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<u8:f32, 0.25>> -> tensor<4xf32>
  return %d : tensor<4xf32>
}

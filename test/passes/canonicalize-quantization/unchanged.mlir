// Tests that what only looks like a part of a quantized layer stays.
// RUN: mpcc-opt %s -canonicalize-quantization | FileCheck %s

!x = tensor<2x2x!quant.uniform<i8:f32, 0.5>>

// A weight with a zero is not one of signs.
// CHECK-LABEL: @three_values
// CHECK: nn.constant dense<{{\[\[}}127, 0], [-127, 127]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32, 1.000000e-02>>
func.func @three_values(%x: !x) -> tensor<2x2xf32> {
  %w = nn.constant dense<[[127, 0], [-127, 127]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32, 0.01>>
  %r = nn.dequantize %w : tensor<2x2x!quant.uniform<i8:f32, 0.01>> -> tensor<2x2xf32>
  %s = nn.dequantize %x : !x -> tensor<2x2xf32>
  %y = nn.matmul %s, %r : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// A sum is no bias if the product itself is read as well.
// CHECK-LABEL: @product_read_twice
// CHECK: %[[Y:.*]] = nn.linear %arg0, %arg1 :
// CHECK: %[[Z:.*]] = nn.binary add %[[Y]]
// CHECK: return %[[Y]], %[[Z]]
func.func @product_read_twice(%x: !x, %w: !x) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %b = nn.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %y = nn.linear %x, %w : (!x, !x) -> tensor<2x2xf32>
  %z = nn.binary add %y, %b : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %y, %z : tensor<2x2xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: @another_scale
// CHECK: %[[R:.*]] = nn.dequantize %arg0
// CHECK: nn.quantize %[[R]]
func.func @another_scale(%x: !x) -> tensor<2x2x!quant.uniform<i8:f32, 0.25>> {
  %r = nn.dequantize %x : !x -> tensor<2x2xf32>
  %q = nn.quantize %r : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  return %q : tensor<2x2x!quant.uniform<i8:f32, 0.25>>
}

// A scale for each row would have to follow the rows.
// CHECK-LABEL: @scale_of_each_row
// CHECK: %[[R:.*]] = nn.dequantize %arg0
// CHECK: nn.transpose %[[R]]
func.func @scale_of_each_row(%x: tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<3x2xf32> {
  %r = nn.dequantize %x : tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>> -> tensor<2x3xf32>
  %t = nn.transpose %r [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return %t : tensor<3x2xf32>
}

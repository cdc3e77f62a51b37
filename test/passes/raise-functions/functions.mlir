// RUN: mpcc-opt %s -raise-functions -cse | FileCheck %s

// Tests that quantizers inside a function belong to it, those of 8 bits before and behind it do not, and that the range goes on.
// CHECK-LABEL: @between_quantizers
// CHECK: %[[Q:.*]] = nn.quantize %arg0
// CHECK: %[[D:.*]] = nn.dequantize %[[Q]]
// CHECK: %[[M:.*]] = nn.map %[[D]] {
// CHECK-NEXT: bb0
// CHECK: nn.unary erf
// CHECK: nn.quantize
// CHECK: nn.binary mul
// CHECK: nn.yield
// CHECK: {nn.range = 3.000000e+00
// CHECK: nn.quantize %[[M]]
func.func @between_quantizers(%x: tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 0.5>> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i8:f32, 0.25>> -> tensor<4xf32>
  %e = nn.unary erf %d : tensor<4xf32> -> tensor<4xf32>
  %eq = nn.quantize %e : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.0078125>>
  %ed = nn.dequantize %eq : tensor<4x!quant.uniform<i8:f32, 0.0078125>> -> tensor<4xf32>
  %y = nn.binary mul %d, %ed {nn.range = 3.0 : f64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %yq = nn.quantize %y : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return %yq : tensor<4x!quant.uniform<i8:f32, 0.5>>
}

// Tests that what stands behind a first quantizer of 8 bits, a second one too, belongs to the function of its steps.
// CHECK-LABEL: @two_before
// CHECK: nn.quantize %arg0
// CHECK-NEXT: %[[D:.*]] = nn.dequantize
// CHECK: %[[M:.*]] = nn.map %[[D]] {
// CHECK: nn.binary add
// CHECK-NEXT: nn.quantize
// CHECK: nn.unary sqrt
// CHECK: return %[[M]]
func.func @two_before(%x: tensor<4xf32>) -> tensor<4xf32> {
  %eps = nn.constant dense<0.125> : tensor<f32> : tensor<f32>
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i8:f32, 0.25>> -> tensor<4xf32>
  %s = nn.binary add %d, %eps : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %sq = nn.quantize %s : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  %sd = nn.dequantize %sq : tensor<4x!quant.uniform<i8:f32, 0.5>> -> tensor<4xf32>
  %y = nn.unary sqrt %sd : tensor<4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that a wide quantizer before a function, which no table of its steps could hold, belongs to it.
// CHECK-LABEL: @wide
// CHECK: nn.map %arg0 {
// CHECK-NEXT: bb0
// CHECK-NEXT: nn.quantize
func.func @wide(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i16:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i16:f32, 0.25>> -> tensor<4xf32>
  %e = nn.unary erf %d : tensor<4xf32> -> tensor<4xf32>
  %y = nn.binary mul %d, %e : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that a choice by comparison, as LeakyRelu, is a function too.
// CHECK-LABEL: @choice
// CHECK: nn.map %arg0
// CHECK: nn.select
func.func @choice(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = nn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %slope = nn.constant dense<0.1> : tensor<1xf32> : tensor<1xf32>
  %s = nn.binary mul %x, %slope : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %c = nn.binary less %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xi1>
  %y = nn.select %c, %s, %x : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that a value inside a function that is read too is a function of its own, of the same source.
// CHECK-LABEL: @read_inside
// CHECK: %[[A:.*]] = nn.map %arg0
// CHECK: %[[B:.*]] = nn.map %arg0
// CHECK: return %[[A]], %[[B]]
func.func @read_inside(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = nn.binary mul %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %e = nn.unary exp %s : tensor<4xf32> -> tensor<4xf32>
  return %s, %e : tensor<4xf32>, tensor<4xf32>
}

// Tests that quantizers inside a decomposed layer normalization which round stay where they are: those before scale and shift, and all that the data owner computes.
// RUN: mpcc-opt %s -canonicalize-quantization -raise-composites -cse | FileCheck %s

// CHECK-LABEL: @secret
// CHECK: %[[N:.*]] = nn.layer_norm %arg0, %[[ONE:.*]], %[[ZERO:.*]] {epsilon
// CHECK-NEXT: %[[NQ:.*]] = nn.quantize %[[N]]
// CHECK-NEXT: %[[ND:.*]] = nn.dequantize %[[NQ]]
// CHECK-NEXT: %[[S:.*]] = nn.binary mul %[[ND]]
// CHECK-NEXT: %[[SQ:.*]] = nn.quantize %[[S]]
// CHECK-NEXT: %[[SD:.*]] = nn.dequantize %[[SQ]]
// CHECK-NEXT: %[[Y:.*]] = nn.binary add %[[SD]]
// CHECK-NEXT: return %[[Y]]
func.func @secret(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %eps = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %beta = nn.constant dense<[5.0, 6.0, 7.0, 8.0]> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %e = nn.binary add %v, %eps : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %d = nn.unary sqrt %e : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %nq = nn.quantize %n : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.03:3>>
  %nd = nn.dequantize %nq : tensor<3x4x!quant.uniform<i8:f32, 0.03:3>> -> tensor<3x4xf32>
  %g = nn.binary mul %nd, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %gq = nn.quantize %g : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.1:3>>
  %gd = nn.dequantize %gq : tensor<3x4x!quant.uniform<i8:f32, 0.1:3>> -> tensor<3x4xf32>
  %y = nn.binary add %gd, %beta : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// A quantizer between scale and shift alone: the scale is folded.
// CHECK-LABEL: @before_shift
// CHECK: %[[G:.*]] = nn.constant dense<[1.000000e+00, 2.000000e+00
// CHECK: nn.layer_norm %arg0, %[[G]], %{{.*}} {epsilon
// CHECK-NEXT: nn.quantize
// CHECK-NEXT: nn.dequantize
// CHECK-NEXT: nn.binary add
func.func @before_shift(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %beta = nn.constant dense<[5.0, 6.0, 7.0, 8.0]> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %d = nn.unary sqrt %v : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %g = nn.binary mul %n, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %gq = nn.quantize %g : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.1:3>>
  %gd = nn.dequantize %gq : tensor<3x4x!quant.uniform<i8:f32, 0.1:3>> -> tensor<3x4xf32>
  %y = nn.binary add %gd, %beta : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// CHECK-LABEL: @of_data
// CHECK-NOT: nn.layer_norm
// CHECK: nn.reduce mean
// CHECK: nn.quantize
// CHECK: nn.unary sqrt
func.func @of_data(%x: tensor<3x4xf32> {nn.owner = "data"}) -> tensor<3x4xf32> {
  %two = nn.constant public dense<2.0> : tensor<f32> : tensor<f32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %vq = nn.quantize %v : tensor<3x1xf32> -> tensor<3x1x!quant.uniform<i8:f32, 0.5>>
  %vd = nn.dequantize %vq : tensor<3x1x!quant.uniform<i8:f32, 0.5>> -> tensor<3x1xf32>
  %d = nn.unary sqrt %vd : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  return %n : tensor<3x4xf32>
}

// A row of steps whose variance and quotient are rounded: its variance, what the file computes of it, and the row without its mean times that.
// CHECK-LABEL: @of_steps
// CHECK: %[[X:.*]] = nn.dequantize %{{.*}} : tensor<3x4x!quant
// CHECK-NEXT: %[[V:.*]] = nn.variance %[[X]] : tensor<3x4xf32> -> tensor<3x1xf32>
// CHECK-NEXT: %[[VQ:.*]] = nn.quantize %[[V]]
// CHECK-NEXT: %[[VD:.*]] = nn.dequantize %[[VQ]]
// CHECK-NEXT: %[[E:.*]] = nn.binary add %[[VD]]
// CHECK-NEXT: %[[D:.*]] = nn.unary sqrt %[[E]]
// CHECK-NEXT: %[[R:.*]] = nn.unary reciprocal %[[D]]
// CHECK-NEXT: %[[N:.*]] = nn.standardize %[[X]], %[[R]] {nn.range = 2.000000e+00 : f64}
// CHECK-NEXT: nn.quantize %[[N]]
func.func @of_steps(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %eps = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %q = nn.quantize %x : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.03:3>>
  %h = nn.dequantize %q : tensor<3x4x!quant.uniform<i8:f32, 0.03:3>> -> tensor<3x4xf32>
  %m = nn.reduce mean %h [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %h, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %vq = nn.quantize %v : tensor<3x1xf32> -> tensor<3x1x!quant.uniform<i8:f32, 0.5:-128>>
  %vd = nn.dequantize %vq : tensor<3x1x!quant.uniform<i8:f32, 0.5:-128>> -> tensor<3x1xf32>
  %e = nn.binary add %vd, %eps : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %d = nn.unary sqrt %e : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d {nn.range = 2.0 : f64} : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %nq = nn.quantize %n : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.02>>
  %nd = nn.dequantize %nq : tensor<3x4x!quant.uniform<i8:f32, 0.02>> -> tensor<3x4xf32>
  %g = nn.binary mul %nd, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %g : tensor<3x4xf32>
}

// Where nothing rounds the quotient, rows far off would wrap: one operation, as without quantizers.
// CHECK-LABEL: @without_quotients
// CHECK: nn.layer_norm
// CHECK-NOT: nn.standardize
func.func @without_quotients(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %eps = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %q = nn.quantize %x : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.03:3>>
  %h = nn.dequantize %q : tensor<3x4x!quant.uniform<i8:f32, 0.03:3>> -> tensor<3x4xf32>
  %m = nn.reduce mean %h [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %h, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %vq = nn.quantize %v : tensor<3x1xf32> -> tensor<3x1x!quant.uniform<i8:f32, 0.5:-128>>
  %vd = nn.dequantize %vq : tensor<3x1x!quant.uniform<i8:f32, 0.5:-128>> -> tensor<3x1xf32>
  %e = nn.binary add %vd, %eps : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %d = nn.unary sqrt %e : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d {nn.range = 2.0 : f64} : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %g = nn.binary mul %n, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %g : tensor<3x4xf32>
}

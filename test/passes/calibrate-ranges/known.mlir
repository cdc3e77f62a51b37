// Tests that ranges which are given or follow from given ones and from quantizers are not measured.
// RUN: mpcc-opt %s -calibrate-ranges | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:-28>

// CHECK-LABEL: @arithmetic
func.func @arithmetic(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %half = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %0 = nn.binary add %x, %c {nn.range = 7.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: nn.unary neg {{.*}} {nn.range = 7.000000e+00 : f64}
  %1 = nn.unary neg %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: nn.binary sub {{.*}} {nn.range = 1.000000e+01 : f64}
  %2 = nn.binary sub %1, %c : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: nn.binary mul {{.*}} {nn.range = 5.000000e+00 : f64}
  %3 = nn.binary mul %2, %half : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  // CHECK: nn.unary tanh {{.*}} {nn.bound = 1.020000e+00 : f64, nn.range = 1.000000e+00 : f64}
  %4 = nn.unary tanh %3 : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: nn.layer_norm {{.*}} {{.*}}nn.range = 8.196{{[0-9]*}} : f64
  %5 = nn.layer_norm %4, %c, %c {epsilon = 0.1 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %5 : tensor<1x4xf32>
}

// What only quantizers read has the largest of their ends, 78 and 50; what is read as it is has not.
// CHECK-LABEL: @quantizers
func.func @quantizers(%x: tensor<2x4xf32> {nn.owner = "data"}) -> (tensor<2x4xf32>, tensor<4x2xf32>) {
  %c = nn.constant dense<[100.0, -3.0, 2.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  // CHECK: nn.binary mul {{.*}} {nn.range = 7.750000e+01 : f64}
  %0 = nn.binary mul %x, %c : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %1 = nn.transpose %0 [1, 0] : tensor<2x4xf32> -> tensor<4x2xf32>
  %2 = nn.quantize %1 : tensor<4x2xf32> -> tensor<4x2x!quant.uniform<i8<-5:5>:f32, 10.0>>
  %3 = nn.quantize %0 : tensor<2x4xf32> -> tensor<2x4x!q>
  // CHECK: nn.dequantize {{.*}} {nn.range = 5.000000e+01 : f64}
  %4 = nn.dequantize %2 : tensor<4x2x!quant.uniform<i8<-5:5>:f32, 10.0>> -> tensor<4x2xf32>
  // CHECK: nn.dequantize {{.*}} {nn.range = 7.750000e+01 : f64}
  %5 = nn.dequantize %3 : tensor<2x4x!q> -> tensor<2x4xf32>
  return %5, %4 : tensor<2x4xf32>, tensor<4x2xf32>
}

// Where the input of the quantizer has a range, that is the one of what comes out.
// CHECK-LABEL: @given
func.func @given(%x: tensor<2x4xf32> {nn.owner = "data"}) -> tensor<4x2xf32> {
  %c = nn.constant dense<[100.0, -3.0, 2.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %0 = nn.binary mul %x, %c {nn.range = 3.0 : f64} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %1 = nn.quantize %0 : tensor<2x4xf32> -> tensor<2x4x!q>
  %2 = nn.transpose %1 [1, 0] : tensor<2x4x!q> -> tensor<4x2x!q>
  // CHECK: nn.dequantize {{.*}} {nn.range = 3.000000e+00 : f64}
  %3 = nn.dequantize %2 : tensor<4x2x!q> -> tensor<4x2xf32>
  return %3 : tensor<4x2xf32>
}

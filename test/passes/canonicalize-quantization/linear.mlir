// RUN: mpcc-opt --canonicalize-quantization %s | FileCheck %s

// Tests that dequantize, matmul and bias become one linear layer; {-127, 127} become signs.
// CHECK-LABEL: @two_valued
// CHECK: %[[W:[a-z0-9_]+]] = nn.constant dense<{{.*}}> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 1.270000e+00>>
// CHECK: nn.linear %arg0, %[[W]], %{{.*}} {nn.range = 9.000000e+00 : f64}
// CHECK-NOT: nn.dequantize
func.func @two_valued(%xq: tensor<3x4x!quant.uniform<i8<-8:7>:f32, 5.000000e-01>>) -> tensor<3x2xf32> {
  %wq = nn.constant dense<[[127, -127], [127, 127], [-127, -127], [127, -127]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8:f32, 1.000000e-02>>
  %bias = nn.constant dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %x = nn.dequantize %xq : tensor<3x4x!quant.uniform<i8<-8:7>:f32, 5.000000e-01>> -> tensor<3x4xf32>
  %w = nn.dequantize %wq : tensor<4x2x!quant.uniform<i8:f32, 1.000000e-02>> -> tensor<4x2xf32>
  %y = nn.matmul %x, %w {nn.range = 8.0 : f64} : (tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
  %z = nn.binary add %y, %bias {nn.range = 9.0 : f64} : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %z : tensor<3x2xf32>
}

// Tests that a dequantize moves below a transposition into the product that reads it.
// CHECK-LABEL: @sink
// CHECK: %[[T:[a-z0-9]+]] = nn.transpose %arg1 [1, 0] : tensor<4x3x!quant.uniform
// CHECK: nn.matmul %arg0, %[[T]]
func.func @sink(%a: tensor<2x3x!quant.uniform<i8:f32, 0.5>>, %b: tensor<4x3x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x4xf32> {
  %x = nn.dequantize %a : tensor<2x3x!quant.uniform<i8:f32, 0.5>> -> tensor<2x3xf32>
  %y = nn.dequantize %b : tensor<4x3x!quant.uniform<i8:f32, 0.5>> -> tensor<4x3xf32>
  %t = nn.transpose %y [1, 0] : tensor<4x3xf32> -> tensor<3x4xf32>
  %z = nn.matmul %x, %t : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

// Tests that a quantized layer of 1-bit weights and its bias become one linear layer.
// RUN: mpcc-opt %s -canonicalize-quantization | FileCheck %s

// CHECK-LABEL: @layer
// CHECK: %[[W:.*]] = nn.constant {{.*}} tensor<2x2x!quant.uniform<i8<-1:1>:f32, 1.270000e+00>>
// CHECK: nn.linear %arg0, %[[W]], %{{.*}} {nn.range = 9.000000e+00 : f64}
func.func @layer(%xq: tensor<3x2x!quant.uniform<i8<-8:7>:f32, 0.5>>) -> tensor<3x2xf32> {
  %wq = nn.constant dense<[[127, -127], [127, 127]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32, 0.01>>
  %bias = nn.constant dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %x = nn.dequantize %xq : tensor<3x2x!quant.uniform<i8<-8:7>:f32, 0.5>> -> tensor<3x2xf32>
  %w = nn.dequantize %wq : tensor<2x2x!quant.uniform<i8:f32, 0.01>> -> tensor<2x2xf32>
  %y = nn.matmul %x, %w {nn.range = 8.0 : f64} : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  %z = nn.binary add %y, %bias {nn.range = 9.0 : f64} : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %z : tensor<3x2xf32>
}

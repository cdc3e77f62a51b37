// Tests that quantizers of public values are the data owner's operators, with public scales.
// RUN: mpcc-opt %s -lower-nn-to-mpc | FileCheck %s

!q = tensor<1x2x!quant.uniform<u8:f32, 0.5:3>>
!t = tensor<2x1x!quant.uniform<u8:f32, 0.5:3>>

// CHECK-LABEL: @main
func.func @main(%x: tensor<1x2xf32> {nn.owner = "data"}) -> tensor<2x1xf32> {
  // CHECK-DAG: [[SCALE:%.*]] = nn.constant public dense<5.000000e-01> : tensor<1xf32>
  // CHECK-DAG: [[ZERO:%.*]] = nn.constant public dense<3> : tensor<1xi64>
  // CHECK: [[Q:%.*]] = nn.plain "quantize"(%arg0, [[SCALE]], [[ZERO]]) [0, 0, 255] : {{.*}} -> tensor<1x2xi64>
  %q = nn.quantize %x : tensor<1x2xf32> -> !q
  // CHECK: [[T:%.*]] = nn.transpose [[Q]] [1, 0] : tensor<1x2xi64> -> tensor<2x1xi64>
  %t = nn.transpose %q [1, 0] : !q -> !t
  // CHECK: nn.plain "dequantize"([[T]], {{.*}}) [0] : {{.*}} -> tensor<2x1xf32>
  %r = nn.dequantize %t : !t -> tensor<2x1xf32>
  return %r : tensor<2x1xf32>
}

// Quantized results become integers too.
// CHECK-LABEL: func.func @result
// CHECK-SAME: -> tensor<2xi64>
func.func @result(%x: tensor<2xf32> {nn.owner = "data"}) -> tensor<2x!quant.uniform<i8:f32, 0.5>> {
  %q = nn.quantize %x : tensor<2xf32> -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  return %q : tensor<2x!quant.uniform<i8:f32, 0.5>>
}

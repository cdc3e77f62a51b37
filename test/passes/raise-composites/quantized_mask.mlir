// Tests that a quantizer behind a mask is left to the scores, and its lower end, which is private, to masked positions.
// RUN: mpcc-opt %s -raise-composites -cse | FileCheck %s

// CHECK-LABEL: @added
// CHECK: %[[DROPPED:.*]] = nn.binary less %arg1
// CHECK: %[[REST:.*]] = nn.select %[[DROPPED]]
// CHECK: nn.quantize %arg0 : {{.*}}i32<-128:127>:f32, 2.000000e-01
// CHECK: %[[KEPT:.*]] = nn.unary cast
// CHECK: %[[END:.*]] = nn.constant dense<-2.560000e+01>
// CHECK: %[[LOW:.*]] = nn.binary mul %{{.*}}, %[[END]]
// CHECK: %[[HIGH:.*]] = nn.binary mul %{{.*}}, %[[KEPT]]
// CHECK: %[[S:.*]] = nn.binary add %[[HIGH]], %[[LOW]]
// CHECK: nn.softmax %[[S]] mask %[[REST]]
func.func @added(%s: tensor<2x4xf32>, %m: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %a = nn.binary add %s, %m : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %q = nn.quantize %a : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8:f32, 0.2>>
  %d = nn.dequantize %q : tensor<2x4x!quant.uniform<i8:f32, 0.2>> -> tensor<2x4xf32>
  %p = nn.softmax %d : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %p : tensor<2x4xf32>
}

// Tests that a number among the scores, chosen by what is visible, replaces them.
// CHECK-LABEL: @chosen
// CHECK: %[[END:.*]] = nn.constant dense<-3.000000e+00>
// CHECK: nn.binary mul %{{.*}}, %[[END]]
// CHECK: nn.softmax %{{[^ ]+}} : (
func.func @chosen(%s: tensor<2x4xf32>, %k: tensor<1x4xi1> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %low = nn.constant dense<-3.0> : tensor<f32> : tensor<f32>
  %a = nn.select %k, %s, %low : (tensor<1x4xi1>, tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %p = nn.softmax %a : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %p : tensor<2x4xf32>
}

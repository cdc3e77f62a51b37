// Tests that what the data owner can compute, added to scores before a softmax, becomes its mask.
// RUN: mpcc-opt %s -raise-composites | FileCheck %s

// CHECK-LABEL: @attention
// CHECK: %[[M:.*]] = nn.binary mul
// CHECK: nn.softmax %arg1 mask %[[M]]
func.func @attention(%dropped: tensor<1x4xf32> {nn.owner = "data"}, %scores: tensor<2x4x4xf32>) -> tensor<2x4x4xf32> {
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %mask = nn.binary mul %dropped, %low : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %masked = nn.binary add %scores, %mask : (tensor<2x4x4xf32>, tensor<1x4xf32>) -> tensor<2x4x4xf32>
  %p = nn.softmax %masked : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %p : tensor<2x4x4xf32>
}

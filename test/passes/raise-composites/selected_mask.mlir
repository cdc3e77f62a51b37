// Tests that a visible choice between scores and a very negative number is a mask, either way round.
// RUN: mpcc-opt %s -raise-composites | FileCheck %s

// CHECK-LABEL: @kept
func.func @kept(%s: tensor<2x4x4xf32>, %kept: tensor<1x4xi1> {nn.owner = "data"}) -> tensor<2x4x4xf32> {
  // CHECK-DAG: %[[ZERO:.*]] = nn.constant public dense<0.000000e+00>
  // CHECK-DAG: %[[LOW:.*]] = nn.constant public dense<-1.000000e+30>
  // CHECK: %[[M:.*]] = nn.select %arg1, %[[ZERO]], %[[LOW]]
  // CHECK: nn.softmax %arg0 mask %[[M]] {nn.range = 1.000000e+00 : f64}
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %a = nn.select %kept, %s, %low : (tensor<1x4xi1>, tensor<2x4x4xf32>, tensor<f32>) -> tensor<2x4x4xf32>
  %y = nn.softmax %a {nn.range = 1.0 : f64} : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// CHECK-LABEL: @dropped
func.func @dropped(%s: tensor<2x4x4xf32>, %dropped: tensor<1x4xi1> {nn.owner = "data"}) -> tensor<2x4x4xf32> {
  // CHECK-DAG: %[[ZERO:.*]] = nn.constant public dense<0.000000e+00>
  // CHECK-DAG: %[[LOW:.*]] = nn.constant public dense<-1.000000e+30>
  // CHECK: %[[M:.*]] = nn.select %arg1, %[[LOW]], %[[ZERO]]
  // CHECK: nn.softmax %arg0 mask %[[M]]
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %a = nn.select %dropped, %low, %s : (tensor<1x4xi1>, tensor<f32>, tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %y = nn.softmax %a : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// CHECK-LABEL: @secret_choice
// CHECK: nn.softmax %{{[^ ]+}} : (
func.func @secret_choice(%s: tensor<2x4x4xf32>, %kept: tensor<1x4xi1>) -> tensor<2x4x4xf32> {
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %a = nn.select %kept, %s, %low : (tensor<1x4xi1>, tensor<2x4x4xf32>, tensor<f32>) -> tensor<2x4x4xf32>
  %y = nn.softmax %a : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// A bias of the model's is added to the scores, and another mask to the mask.
// CHECK-LABEL: @between_masks
// CHECK: %[[S:.*]] = nn.binary add %arg0, %arg2
// CHECK: %[[M:.*]] = nn.select %arg1,
// CHECK: %[[BOTH:.*]] = nn.binary add %[[M]], %arg3
// CHECK: nn.softmax %[[S]] mask %[[BOTH]]
func.func @between_masks(%s: tensor<2x4x4xf32>, %kept: tensor<1x4xi1> {nn.owner = "data"}, %bias: tensor<4x4xf32>,
                         %other: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<2x4x4xf32> {
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %a = nn.select %kept, %s, %low : (tensor<1x4xi1>, tensor<2x4x4xf32>, tensor<f32>) -> tensor<2x4x4xf32>
  %b = nn.binary add %a, %bias : (tensor<2x4x4xf32>, tensor<4x4xf32>) -> tensor<2x4x4xf32>
  %c = nn.binary add %b, %other : (tensor<2x4x4xf32>, tensor<1x4xf32>) -> tensor<2x4x4xf32>
  %y = nn.softmax %c : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// A position at -1 still has a probability.
// CHECK-LABEL: @not_negative_enough
// CHECK: nn.softmax %{{[^ ]+}} : (
func.func @not_negative_enough(%s: tensor<2x4x4xf32>, %kept: tensor<1x4xi1> {nn.owner = "data"}) -> tensor<2x4x4xf32> {
  %low = nn.constant public dense<-1.0> : tensor<f32> : tensor<f32>
  %a = nn.select %kept, %s, %low : (tensor<1x4xi1>, tensor<2x4x4xf32>, tensor<f32>) -> tensor<2x4x4xf32>
  %y = nn.softmax %a : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

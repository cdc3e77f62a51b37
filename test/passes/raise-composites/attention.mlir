// RUN: mpcc-opt --raise-composites %s | FileCheck %s

// Tests that anything the data owner sees, added to scores, is the mask.
// CHECK-LABEL: @mask
// CHECK: %[[M:[a-z0-9]+]] = nn.binary mul
// CHECK: nn.softmax %{{.*}} mask %[[M]]
func.func @mask(%kept: tensor<1x4xf32> {nn.owner = "data"}, %q: tensor<2x4x8xf32>) -> tensor<2x4x4xf32> {
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  %m = nn.binary mul %kept, %low : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %t = nn.transpose %q [0, 2, 1] : tensor<2x4x8xf32> -> tensor<2x8x4xf32>
  %s = nn.matmul %q, %t : (tensor<2x4x8xf32>, tensor<2x8x4xf32>) -> tensor<2x4x4xf32>
  %a = nn.binary add %s, %m : (tensor<2x4x4xf32>, tensor<1x4xf32>) -> tensor<2x4x4xf32>
  %p = nn.softmax %a : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %p : tensor<2x4x4xf32>
}

// Tests that a secret addend is not a mask.
// CHECK-LABEL: @no_mask
// CHECK: nn.softmax %{{[a-z0-9]+}} : (
func.func @no_mask(%s: tensor<4x4xf32>, %m: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %a = nn.binary add %s, %m : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = nn.softmax %a : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %p : tensor<4x4xf32>
}

// Tests that a transposition before a product goes into it.
// CHECK-LABEL: @transpose_b
// CHECK-NOT: nn.transpose
// CHECK: nn.matmul %arg0, %arg0 {transpose_b}
func.func @transpose_b(%q: tensor<2x4x8xf32>) -> tensor<2x4x4xf32> {
  %t = nn.transpose %q [0, 2, 1] : tensor<2x4x8xf32> -> tensor<2x8x4xf32>
  %s = nn.matmul %q, %t : (tensor<2x4x8xf32>, tensor<2x8x4xf32>) -> tensor<2x4x4xf32>
  return %s : tensor<2x4x4xf32>
}

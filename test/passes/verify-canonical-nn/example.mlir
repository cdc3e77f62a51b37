// Tests that values the data owner computes alone may use any op, and secret ones the canonical ops.
// RUN: mpcc-opt %s -verify-canonical-nn | FileCheck %s

// CHECK-LABEL: @roots
func.func @roots(%visible: tensor<4xf32> {nn.owner = "data"}, %secret: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: nn.unary sqrt %arg0
  %a = nn.unary sqrt %visible : tensor<4xf32> -> tensor<4xf32>
  // CHECK: nn.unary gelu %arg1
  %b = nn.unary gelu %secret : tensor<4xf32> -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

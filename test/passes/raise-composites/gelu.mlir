// RUN: mpcc-opt --raise-composites %s | FileCheck %s

// Tests GELU as BERT's exporters write it.
// CHECK-LABEL: @erf
// CHECK-NEXT: nn.unary gelu %arg0
// CHECK-NEXT: return
func.func @erf(%x: tensor<4xf32>) -> tensor<4xf32> {
  %root2 = nn.constant dense<1.41421354> : tensor<f32> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %u = nn.binary div %x, %root2 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %e = nn.unary erf %u : tensor<4xf32> -> tensor<4xf32>
  %s = nn.binary add %e, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %p = nn.binary mul %x, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %y = nn.binary mul %p, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that another constant is another function, and stays as it is.
// CHECK-LABEL: @not_gelu
// CHECK: nn.unary erf
// CHECK-NOT: nn.unary gelu
func.func @not_gelu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %root2 = nn.constant dense<1.5> : tensor<f32> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %u = nn.binary div %x, %root2 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %e = nn.unary erf %u : tensor<4xf32> -> tensor<4xf32>
  %s = nn.binary add %e, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %p = nn.binary mul %x, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %y = nn.binary mul %p, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

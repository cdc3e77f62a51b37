// Tests that x * sigmoid(1.702 x) is one function of x, and that a factor for each column stays outside.
// RUN: mpcc-opt %s -raise-functions -cse | FileCheck %s

// CHECK-LABEL: @quick_gelu
// CHECK: %[[M:.*]] = nn.map %arg0
// CHECK: nn.unary sigmoid
// CHECK: nn.binary mul %[[M]], %{{.*}} : (tensor<2x2xf32>, tensor<2xf32>)
func.func @quick_gelu(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %c = nn.constant dense<1.702> : tensor<f32> : tensor<f32>
  %row = nn.constant dense<[2.0, 3.0]> : tensor<2xf32> : tensor<2xf32>
  %s = nn.binary mul %x, %c : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %g = nn.unary sigmoid %s : tensor<2x2xf32> -> tensor<2x2xf32>
  %y = nn.binary mul %x, %g : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %z = nn.binary mul %y, %row : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

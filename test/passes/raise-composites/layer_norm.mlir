// Tests that a decomposed layer normalization becomes one op, and that what lacks a part of it does not.
// RUN: mpcc-opt %s -raise-composites | FileCheck %s

// CHECK-LABEL: @decomposed
func.func @decomposed(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %eps = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  // CHECK-DAG: %[[G:.*]] = nn.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  // CHECK-DAG: %[[B:.*]] = nn.constant dense<[5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00]>
  %beta = nn.constant dense<[5.0, 6.0, 7.0, 8.0]> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %e = nn.binary add %v, %eps : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %d = nn.unary sqrt %e : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %g = nn.binary mul %n, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  // CHECK: %[[Y:.*]] = nn.layer_norm %arg0, %[[G]], %[[B]] {epsilon = 2.500000e-01 : f64, nn.range = 9.000000e+00 : f64}
  // CHECK-NEXT: return %[[Y]]
  %y = nn.binary add %g, %beta {nn.range = 9.0 : f64} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// The square as a product, the root as a power, the quotient as a product with a reciprocal.
// CHECK-LABEL: @other_spelling
func.func @other_spelling(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %half = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %eps = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary mul %c, %c : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %e = nn.binary add %eps, %v : (tensor<f32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  %d = nn.binary pow %e, %half : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %r = nn.unary reciprocal %d : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary mul %r, %c : (tensor<3x1xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %g = nn.binary mul %one, %n : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  // CHECK: %[[Y:.*]] = nn.layer_norm %arg0, {{.*}} {epsilon = 2.500000e-01 : f64}
  // CHECK-NEXT: return %[[Y]]
  %y = nn.binary add %one, %g : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// Without a beta the parts stay.
// CHECK-LABEL: @no_beta
// CHECK: nn.layer_norm %arg0, %{{.*}}, %{{.*}} {epsilon = 0.000000e+00 : f64}
func.func @no_beta(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [1] : tensor<3x4xf32> -> tensor<3x1xf32>
  %d = nn.unary sqrt %v : tensor<3x1xf32> -> tensor<3x1xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %y = nn.binary mul %n, %gamma : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// CHECK-LABEL: @mean_over_rows
// CHECK-NOT: nn.layer_norm
func.func @mean_over_rows(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %m = nn.reduce mean %x [0] : tensor<3x4xf32> -> tensor<1x4xf32>
  %c = nn.binary sub %x, %m : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  %s = nn.binary pow %c, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %v = nn.reduce mean %s [0] : tensor<3x4xf32> -> tensor<1x4xf32>
  %d = nn.unary sqrt %v : tensor<1x4xf32> -> tensor<1x4xf32>
  %n = nn.binary div %c, %d : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  %g = nn.binary mul %n, %one : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %y = nn.binary add %g, %one : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// CHECK-LABEL: @row_of_rows
// CHECK: %[[Y:.*]] = nn.layer_norm
// CHECK: nn.binary add %[[Y]]
func.func @row_of_rows(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %position = nn.constant dense<[[1.0, 2.0, 3.0, 0.5], [1.0, 2.0, 3.0, 0.25]]> : tensor<2x4xf32> : tensor<2x4xf32>
  %m = nn.reduce mean %x [1] : tensor<2x4xf32> -> tensor<2x1xf32>
  %c = nn.binary sub %x, %m : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %s = nn.binary pow %c, %two : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %v = nn.reduce mean %s [1] : tensor<2x4xf32> -> tensor<2x1xf32>
  %d = nn.unary sqrt %v : tensor<2x1xf32> -> tensor<2x1xf32>
  %n = nn.binary div %c, %d : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %y = nn.binary add %n, %position : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

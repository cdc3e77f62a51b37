// Tests that masked means, sums by the root of a count and divisions by the norm become ops of their own.
// RUN: mpcc-opt %s -raise-composites | FileCheck %s

// CHECK-LABEL: @masked_mean
func.func @masked_mean(%x: tensor<1x4x3xf32>, %kept: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x3xf32> {
  // CHECK: %[[Y:.*]] = nn.mean_pool %arg0, %arg1 {nn.range = 2.000000e+00 : f64}
  // CHECK-NEXT: return %[[Y]]
  %small = nn.constant public dense<1.0e-9> : tensor<f32> : tensor<f32>
  %r = nn.reshape %kept : tensor<1x4xf32> -> tensor<1x4x1xf32>
  %m = nn.broadcast %r : tensor<1x4x1xf32> -> tensor<1x4x3xf32>
  %w = nn.binary mul %x, %m : (tensor<1x4x3xf32>, tensor<1x4x3xf32>) -> tensor<1x4x3xf32>
  %s = nn.reduce sum %w [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %t = nn.reshape %s : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %c = nn.reduce sum %m [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %d = nn.reshape %c : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %f = nn.binary max %d, %small : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %y = nn.binary div %t, %f {nn.range = 2.0 : f64} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// CHECK-LABEL: @by_the_root
func.func @by_the_root(%x: tensor<1x4x3xf32>, %kept: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x3xf32> {
  // CHECK: %[[P:.*]] = nn.mean_pool %arg0, %arg1
  // CHECK-NEXT: %[[N:.*]] = nn.reduce sum %arg1 [1] : tensor<1x4xf32> -> tensor<1x1xf32>
  // CHECK-NEXT: %[[R:.*]] = nn.unary sqrt %[[N]]
  // CHECK-NEXT: %[[Y:.*]] = nn.binary mul %[[P]], %[[R]] {nn.range = 3.000000e+00 : f64}
  // CHECK-NEXT: return %[[Y]]
  %small = nn.constant public dense<1.0e-9> : tensor<f32> : tensor<f32>
  %r = nn.reshape %kept : tensor<1x4xf32> -> tensor<1x4x1xf32>
  %m = nn.broadcast %r : tensor<1x4x1xf32> -> tensor<1x4x3xf32>
  %w = nn.binary mul %x, %m : (tensor<1x4x3xf32>, tensor<1x4x3xf32>) -> tensor<1x4x3xf32>
  %s = nn.reduce sum %w [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %t = nn.reshape %s : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %c = nn.reduce sum %m [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %d = nn.reshape %c : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %f = nn.binary max %d, %small : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %g = nn.unary sqrt %f : tensor<1x3xf32> -> tensor<1x3xf32>
  %y = nn.binary div %t, %g {nn.range = 3.0 : f64} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// Tokens that are set to zero before they are summed, as E5 and Contriever write it.
// CHECK-LABEL: @zeroed
func.func @zeroed(%x: tensor<1x4x3xf32>, %mask: tensor<1x4xi64> {nn.owner = "data"}) -> tensor<1x3xf32> {
  // CHECK: %[[T:.*]] = nn.reshape %{{.*}} : tensor<1x4x1xf32> -> tensor<1x4xf32>
  // CHECK: %[[Y:.*]] = nn.mean_pool %arg0, %[[T]] {nn.range = 2.000000e+00 : f64}
  // CHECK-NEXT: return %[[Y]]
  %zero = nn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %r = nn.reshape %mask : tensor<1x4xi64> -> tensor<1x4x1xi64>
  %b = nn.unary cast %r : tensor<1x4x1xi64> -> tensor<1x4x1xi1>
  %drop = nn.unary logical_not %b : tensor<1x4x1xi1> -> tensor<1x4x1xi1>
  %w = nn.select %drop, %zero, %x : (tensor<1x4x1xi1>, tensor<f32>, tensor<1x4x3xf32>) -> tensor<1x4x3xf32>
  %s = nn.reduce sum %w [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %t = nn.reshape %s : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %c = nn.reduce sum %mask [1] : tensor<1x4xi64> -> tensor<1x1xi64>
  %n = nn.unary cast %c : tensor<1x1xi64> -> tensor<1x1xf32>
  %y = nn.binary div %t, %n {nn.range = 2.0 : f64} : (tensor<1x3xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// What a condition keeps of other values is a product with it.
// CHECK-LABEL: @kept
func.func @kept(%x: tensor<1x4x3xf32>, %keep: tensor<1x4x1xi1> {nn.owner = "data"}) -> tensor<1x4x3xf32> {
  // CHECK: %[[K:.*]] = nn.unary cast %arg1 : tensor<1x4x1xi1> -> tensor<1x4x1xf32>
  // CHECK-NEXT: nn.binary mul %arg0, %[[K]]
  %zero = nn.constant dense<0.0> : tensor<f32> : tensor<f32>
  %y = nn.select %keep, %x, %zero : (tensor<1x4x1xi1>, tensor<1x4x3xf32>, tensor<f32>) -> tensor<1x4x3xf32>
  return %y : tensor<1x4x3xf32>
}

// The number of kept tokens would be a secret divisor.
// CHECK-LABEL: @secret_mask
// CHECK-NOT: nn.mean_pool
func.func @secret_mask(%x: tensor<1x4x3xf32>, %m: tensor<1x4x3xf32>) -> tensor<1x3xf32> {
  %w = nn.binary mul %x, %m : (tensor<1x4x3xf32>, tensor<1x4x3xf32>) -> tensor<1x4x3xf32>
  %s = nn.reduce sum %w [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %t = nn.reshape %s : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %c = nn.reduce sum %m [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
  %d = nn.reshape %c : tensor<1x1x3xf32> -> tensor<1x3xf32>
  %y = nn.binary div %t, %d : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// CHECK-LABEL: @norm
func.func @norm(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[Y:.*]] = nn.l2_normalize %arg0 {epsilon = 2.500000e-01 : f64}
  // CHECK-NEXT: return %[[Y]]
  %small = nn.constant dense<0.25> : tensor<f32> : tensor<f32>
  %n = nn.reduce l2 %x [1] : tensor<2x3xf32> -> tensor<2x1xf32>
  %f = nn.binary max %n, %small : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %e = nn.broadcast %f : tensor<2x1xf32> -> tensor<2x3xf32>
  %y = nn.binary div %x, %e : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @norm_as_root
func.func @norm_as_root(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[Y:.*]] = nn.l2_normalize %arg0
  // CHECK-NEXT: return %[[Y]]
  %s = nn.binary mul %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %t = nn.reduce sum %s [1] : tensor<2x3xf32> -> tensor<2x1xf32>
  %n = nn.unary sqrt %t : tensor<2x1xf32> -> tensor<2x1xf32>
  %y = nn.binary div %x, %n : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @norm_of_another_value
// CHECK-NOT: nn.l2_normalize
func.func @norm_of_another_value(%x: tensor<2x3xf32>, %other: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %n = nn.reduce l2 %other [1] : tensor<2x3xf32> -> tensor<2x1xf32>
  %y = nn.binary div %x, %n : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

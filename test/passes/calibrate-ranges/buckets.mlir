// Tests that the buckets of a model get one range for each operation, the largest of all.
// RUN: mpcc-opt %s -calibrate-ranges | FileCheck %s

// CHECK-LABEL: @short
func.func @short(%ids: tensor<1x1xi64> {nn.owner = "data"}) -> tensor<1x1x2xf32> {
  %table = nn.constant dense<[[1.0, -2.0], [0.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %bias = nn.constant dense<[1.0, 3.0]> : tensor<2xf32> : tensor<2xf32>
  %0 = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<1x1xi64>) -> tensor<1x1x2xf32>
  // CHECK: nn.binary mul {{.*}} {nn.bound = 5.253000e+01 : f64, nn.guessed, nn.range = 5.150000e+01 : f64}
  %1 = nn.binary mul %0, %bias : (tensor<1x1x2xf32>, tensor<2xf32>) -> tensor<1x1x2xf32>
  return %1 : tensor<1x1x2xf32>
}

// CHECK-LABEL: @long
func.func @long(%ids: tensor<1x2xi64> {nn.owner = "data"}) -> tensor<1x2x2xf32> {
  %table = nn.constant dense<[[1.0, -2.0], [0.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %bias = nn.constant dense<[51.5, 3.0]> : tensor<2xf32> : tensor<2xf32>
  %0 = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<1x2xi64>) -> tensor<1x2x2xf32>
  // CHECK: nn.binary mul {{.*}} {nn.bound = 5.253000e+01 : f64, nn.guessed, nn.range = 5.150000e+01 : f64}
  %1 = nn.binary mul %0, %bias : (tensor<1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %1 : tensor<1x2x2xf32>
}

// Tests that missing ranges are measured, and that ranges of the model are kept.
// RUN: mpcc-opt %s -calibrate-ranges | FileCheck %s

// CHECK-LABEL: @embedding
func.func @embedding(%ids: tensor<1x4xi64> {nn.owner = "data"}) -> tensor<1x4x2xf32> {
  %table = nn.constant public dense<[[1.0, -2.0], [0.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  // Every row holds a -2, so every sample finds it.
  // CHECK: nn.gather {{.*}} {nn.range = 2.000000e+00 : f64}
  %0 = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<1x4xi64>) -> tensor<1x4x2xf32>
  // CHECK: nn.unary neg {{.*}} {nn.range = 7.000000e+00 : f64}
  %1 = nn.unary neg %0 {nn.range = 7.0 : f64} : tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  return %1 : tensor<1x4x2xf32>
}

// Tests that what no quantizer bounds is measured on random token ids, and marked as a guess beside its bound.
// RUN: mpcc-opt %s -calibrate-ranges | FileCheck %s

// Each row holds a -2 and nothing larger, so every sample finds it.
// CHECK-LABEL: @embedding
func.func @embedding(%ids: tensor<1x4xi64> {nn.owner = "data"}) -> tensor<1x4x2xf32> {
  %table = nn.constant dense<[[1.0, -2.0], [0.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  // CHECK: nn.gather {{.*}} {nn.bound = 2.040000e+00 : f64, nn.guessed, nn.range = 2.000000e+00 : f64}
  %x = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<1x4xi64>) -> tensor<1x4x2xf32>
  // CHECK: nn.binary mul {{.*}} {nn.bound = 4.080000e+00 : f64, nn.guessed, nn.range = 4.000000e+00 : f64}
  %y = nn.binary mul %x, %x : (tensor<1x4x2xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

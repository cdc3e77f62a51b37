// Tests that what data and a private parameter take part in is secret, and all else is somebody's.
// RUN: mpcc-opt %s -annotate-visibility | FileCheck %s

func.func @f(%ids: tensor<2xi64> {nn.owner = "data"}) -> tensor<2x4xf32> {
  // CHECK: nn.constant {{.*}}nn.visibility = "public"
  %table = nn.constant public dense<1.0> : tensor<8x4xf32> : tensor<8x4xf32>
  // CHECK: nn.constant {{.*}}nn.visibility = "private"
  %bias = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  // CHECK: nn.gather {{.*}}nn.visibility = "data"
  %x = nn.gather %table, %ids : (tensor<8x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  // CHECK: nn.binary {{.*}}nn.visibility = "secret"
  %y = nn.binary add %x, %bias : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

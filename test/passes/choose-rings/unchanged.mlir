// Tests that products which accumulate nothing, and sums, get no ring.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

// CHECK-LABEL: @elementwise
// CHECK-NOT: mpc.ring
func.func @elementwise(%x: tensor<1x2x4xf32>, %kept: tensor<1x2xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<2.0> : tensor<4xf32> : tensor<4xf32>
  %y = nn.binary mul %x, %c : (tensor<1x2x4xf32>, tensor<4xf32>) -> tensor<1x2x4xf32>
  %z = nn.mean_pool %y, %kept : (tensor<1x2x4xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  return %z : tensor<1x4xf32>
}

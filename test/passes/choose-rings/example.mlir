// Tests that products keep 16 bits before a row (`row-width`), which is all that 768 of 4-bit activations and 1-bit weights have, and 20 of 8-bit weights for what is rounded.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<2x768x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w1 = tensor<768x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
!w8 = tensor<768x4x!quant.uniform<i8<-127:127>:f32, 0.25>>

// CHECK-LABEL: @layers
func.func @layers(%x: !x4, %w1: !w1, %w8: !w8) -> tensor<2x4xf32> {
  // CHECK: nn.linear %arg0, %arg1 {mpc.ring = 16 : i64}
  %a = nn.linear %x, %w1 : (!x4, !w1) -> tensor<2x4xf32>
  // CHECK: nn.linear %arg0, %arg2 {mpc.ring = 20 : i64}
  %b = nn.linear %x, %w8 : (!x4, !w8) -> tensor<2x4xf32>
  %sum = nn.binary add %a, %b : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %g = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %n = nn.layer_norm %sum, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %n : tensor<2x4xf32>
}

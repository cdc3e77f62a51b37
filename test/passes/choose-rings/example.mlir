// Tests that 16 bits hold the sum of 768 products of 4-bit activations and 1-bit weights, and 32 bits that with 8-bit weights.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<2x768x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w1 = tensor<768x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
!w8 = tensor<768x4x!quant.uniform<i8<-127:127>:f32, 0.25>>

// CHECK-LABEL: @layers
func.func @layers(%x: !x4, %w1: !w1, %w8: !w8) -> tensor<2x4xf32> {
  // CHECK: nn.linear %arg0, %arg1 {mpc.ring = 16 : i64}
  %a = nn.linear %x, %w1 : (!x4, !w1) -> tensor<2x4xf32>
  // CHECK: nn.linear %arg0, %arg2 {mpc.ring = 32 : i64}
  %b = nn.linear %x, %w8 : (!x4, !w8) -> tensor<2x4xf32>
  %sum = nn.binary add %a, %b : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %sum : tensor<2x4xf32>
}

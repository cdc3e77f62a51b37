// Tests that rings follow from bit widths and terms alone, and that results get the output ring.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<2x768x!quant.uniform<i8<-8:7>:f32, 0.1>>
!x8 = tensor<2x768x!quant.uniform<u8:f32, 0.1:128>>
!w1 = tensor<768x8x!quant.uniform<i8<-1:1>:f32, 0.1>>
!w8 = tensor<768x8x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK-LABEL: @rings
func.func @rings(%a: !x4, %b: !x8, %w1: !w1, %w8: !w8) -> tensor<2x8xf32> {
  // CHECK: nn.linear %arg0, %arg2 {mpc.ring = 16 : i64}
  %0 = nn.linear %a, %w1 : (!x4, !w1) -> tensor<2x8xf32>
  // CHECK: nn.linear %arg1, %arg3 {mpc.ring = 32 : i64}
  %1 = nn.linear %b, %w8 : (!x8, !w8) -> tensor<2x8xf32>
  %2 = nn.binary add %0, %1 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}

// CHECK-LABEL: @result
func.func @result(%a: !x4, %w1: !w1) -> tensor<2x8xf32> {
  // CHECK: nn.linear {{.*}} {mpc.ring = 32 : i64}
  %0 = nn.linear %a, %w1 : (!x4, !w1) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

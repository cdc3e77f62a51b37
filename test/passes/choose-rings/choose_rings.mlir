// Tests that rings follow from what is read of a sum, from bit widths and terms, and that results get the output ring.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<2x768x!quant.uniform<i8<-8:7>:f32, 0.1>>
!x8 = tensor<2x768x!quant.uniform<u8:f32, 0.1:128>>
!w1 = tensor<768x8x!quant.uniform<i8<-1:1>:f32, 0.1>>
!w8 = tensor<768x8x!quant.uniform<i8<-127:127>:f32, 0.1>>

!y4 = tensor<2x8x!quant.uniform<i8<-8:7>:f32, 0.1>>
!y8 = tensor<2x8x!quant.uniform<u8:f32, 0.1:128>>

// CHECK-LABEL: @quantized
func.func @quantized(%a: !x4, %b: !x8, %w1: !w1, %w8: !w8) -> (!y4, !y8, !y8) {
  // CHECK: nn.linear %arg0, %arg2 {mpc.ring = 16 : i64}
  %0 = nn.linear %a, %w1 : (!x4, !w1) -> tensor<2x8xf32>
  %1 = nn.quantize %0 : tensor<2x8xf32> -> !y4
  // CHECK: nn.linear %arg1, %arg3 {mpc.ring = 29 : i64}
  %2 = nn.linear %b, %w8 : (!x8, !w8) -> tensor<2x8xf32>
  %3 = nn.quantize %2 : tensor<2x8xf32> -> !y8
  // What reads a function is an index of its own.
  // CHECK: nn.linear %arg1, %arg3 {mpc.ring = 28 : i64}
  %4 = nn.linear %b, %w8 : (!x8, !w8) -> tensor<2x8xf32>
  %5 = nn.unary gelu %4 : tensor<2x8xf32> -> tensor<2x8xf32>
  %6 = nn.quantize %5 : tensor<2x8xf32> -> !y8
  return %1, %3, %6 : !y4, !y8, !y8
}

// CHECK-LABEL: @row
func.func @row(%a: !x4, %b: !x8, %w1: !w1, %w8: !w8) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %g = nn.constant dense<1.0> : tensor<8xf32> : tensor<8xf32>
  // CHECK: nn.linear %arg0, %arg2 {mpc.ring = 16 : i64}
  %0 = nn.linear %a, %w1 : (!x4, !w1) -> tensor<2x8xf32>
  %1 = nn.layer_norm %0, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  // CHECK: nn.linear %arg1, %arg3 {mpc.ring = 25 : i64}
  %2 = nn.linear %b, %w8 : (!x8, !w8) -> tensor<2x8xf32>
  %3 = nn.layer_norm %2, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return %1, %3 : tensor<2x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: @result
func.func @result(%a: !x4, %w1: !w1) -> tensor<2x8xf32> {
  // CHECK: nn.linear {{.*}} {mpc.ring = 32 : i64}
  %0 = nn.linear %a, %w1 : (!x4, !w1) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Tests that a function before a quantizer is computed by lines where that is cheaper and the function is public: long rows at 8 bits, and
// maps without constants; short rows, few bits and private functions have tables. The ring is that of the choice.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -split-input-file | FileCheck %s

!x = tensor<2x768x!quant.uniform<u8:f32, 0.1:128>>
!q = tensor<2x2048x!quant.uniform<u8:f32, 0.05:4>>
!w1 = tensor<768x2048x!quant.uniform<i8<-127:127>:f32, 0.1>>
!w2 = tensor<2048x8x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK-LABEL: @gelu
// CHECK: nn.linear {{.*}}mpc.ring = 30
// CHECK: nn.linear {{.*}}construction = "function-lines"{{.*}}widths = {cells = 7 : i64, index = 19 : i64}
func.func @gelu(%x: !x, %w1: !w1, %w2: !w2) -> tensor<2x8xf32> {
  %0 = nn.linear %x, %w1 : (!x, !w1) -> tensor<2x2048xf32>
  %1 = nn.unary gelu %0 : tensor<2x2048xf32> -> tensor<2x2048xf32>
  %2 = nn.quantize %1 : tensor<2x2048xf32> -> !q
  %3 = nn.linear %2, %w2 : (!q, !w2) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: @silu
// CHECK: construction = "function-lines"{{.*}}widths = {cells = 8 : i64, index = 19 : i64}
func.func @silu(%x: !x, %w1: !w1, %w2: !w2) -> tensor<2x8xf32> {
  %0 = nn.linear %x, %w1 : (!x, !w1) -> tensor<2x2048xf32>
  %1 = nn.map %0 {
  ^bb0(%n: tensor<f32>):
    %s = nn.unary sigmoid %n : tensor<f32> -> tensor<f32>
    %y = nn.binary mul %n, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    nn.yield %y : tensor<f32>
  } : tensor<2x2048xf32> -> tensor<2x2048xf32>
  %2 = nn.quantize %1 : tensor<2x2048xf32> -> !q
  %3 = nn.linear %2, %w2 : (!q, !w2) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: @constant
// CHECK: nn.linear {{.*}}mpc.ring = 28
// CHECK: construction = "function-bits"
func.func @constant(%x: !x, %w1: !w1, %w2: !w2) -> tensor<2x8xf32> {
  %0 = nn.linear %x, %w1 : (!x, !w1) -> tensor<2x2048xf32>
  %1 = nn.map %0 {
  ^bb0(%n: tensor<f32>):
    %c = nn.constant dense<1.702> : tensor<f32> : tensor<f32>
    %m = nn.binary mul %n, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %s = nn.unary sigmoid %m : tensor<f32> -> tensor<f32>
    %y = nn.binary mul %n, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    nn.yield %y : tensor<f32>
  } : tensor<2x2048xf32> -> tensor<2x2048xf32>
  %2 = nn.quantize %1 : tensor<2x2048xf32> -> !q
  %3 = nn.linear %2, %w2 : (!q, !w2) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// -----

!x = tensor<2x768x!quant.uniform<u8:f32, 0.1:128>>
!q = tensor<2x8x!quant.uniform<u8:f32, 0.05:4>>
!w1 = tensor<768x8x!quant.uniform<i8<-127:127>:f32, 0.1>>
!w2 = tensor<8x8x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK-LABEL: @short
// CHECK: construction = "function-bits"
func.func @short(%x: !x, %w1: !w1, %w2: !w2) -> tensor<2x8xf32> {
  %0 = nn.linear %x, %w1 : (!x, !w1) -> tensor<2x8xf32>
  %1 = nn.unary gelu %0 : tensor<2x8xf32> -> tensor<2x8xf32>
  %2 = nn.quantize %1 : tensor<2x8xf32> -> !q
  %3 = nn.linear %2, %w2 : (!q, !w2) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// -----

!x = tensor<2x768x!quant.uniform<i8<-8:7>:f32, 0.1>>
!q = tensor<2x2048x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w1 = tensor<768x2048x!quant.uniform<i8<-1:1>:f32, 0.1>>
!w2 = tensor<2048x8x!quant.uniform<i8<-1:1>:f32, 0.1>>

// CHECK-LABEL: @narrow
// CHECK: construction = "function-bits"
func.func @narrow(%x: !x, %w1: !w1, %w2: !w2) -> tensor<2x8xf32> {
  %0 = nn.linear %x, %w1 : (!x, !w1) -> tensor<2x2048xf32>
  %1 = nn.unary gelu %0 : tensor<2x2048xf32> -> tensor<2x2048xf32>
  %2 = nn.quantize %1 : tensor<2x2048xf32> -> !q
  %3 = nn.linear %2, %w2 : (!q, !w2) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

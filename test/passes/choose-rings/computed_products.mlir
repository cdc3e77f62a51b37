// Tests that a product of two computed values has room for the unit that its reader asks for, by the bits of its wider operand.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<1x2x4x!quant.uniform<i8<-8:7>:f32, 0.1>>
!y4 = tensor<1x4x2x!quant.uniform<i8<-8:7>:f32, 0.1>>
!y8 = tensor<1x4x2x!quant.uniform<i8:f32, 0.1>>
!r4 = tensor<1x2x2x!quant.uniform<i8<-8:7>:f32, 0.1>>
!r8 = tensor<1x2x2x!quant.uniform<i8:f32, 0.1>>
!z = tensor<1x2x2xf32>

func.func @products(%a: !x4, %b: !y4, %c: !y8) -> (!r4, !r8, !r4) {
  // CHECK: nn.matmul %arg0, %arg1 {mpc.ring = 18 : i64}
  %0 = nn.matmul %a, %b : (!x4, !y4) -> !z
  %1 = nn.quantize %0 : !z -> !r4
  // CHECK: nn.matmul %arg0, %arg2 {mpc.ring = 32 : i64}
  %2 = nn.matmul %a, %c : (!x4, !y8) -> !z
  %3 = nn.quantize %2 : !z -> !r8
  // Scores, in steps of a softmax's index.
  // CHECK: nn.matmul %arg0, %arg1 {mpc.ring = 22 : i64}
  %4 = nn.matmul %a, %b : (!x4, !y4) -> !z
  %5 = nn.softmax %4 : (!z) -> !z
  %6 = nn.quantize %5 : !z -> !r4
  return %1, %3, %6 : !r4, !r8, !r4
}

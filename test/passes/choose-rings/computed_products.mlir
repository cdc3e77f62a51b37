// Tests that a product of two computed values has 32 bits up to 10 bits of its wider operand, and 64 above.
// RUN: mpcc-opt %s -choose-rings | FileCheck %s

!x4 = tensor<1x2x4x!quant.uniform<i8<-8:7>:f32, 0.1>>
!x10 = tensor<1x4x2x!quant.uniform<i16<-512:511>:f32, 0.1>>
!x11 = tensor<1x4x2x!quant.uniform<i16<-1024:1023>:f32, 0.1>>
!x16 = tensor<1x2x4x!quant.uniform<i16:f32, 0.1>>
!y = tensor<1x2x2xf32>

func.func @products(%a: !x4, %b: !x10, %c: !x11, %d: !x16) -> (!y, !y, !y) {
  // CHECK: nn.matmul %arg0, %arg1 {mpc.ring = 32 : i64}
  %0 = nn.matmul %a, %b : (!x4, !x10) -> !y
  // CHECK: nn.matmul %arg0, %arg2 {mpc.ring = 64 : i64}
  %1 = nn.matmul %a, %c : (!x4, !x11) -> !y
  // CHECK: nn.matmul %arg3, %arg1 {mpc.ring = 64 : i64}
  %2 = nn.matmul %d, %b : (!x16, !x10) -> !y
  return %0, %1, %2 : !y, !y, !y
}

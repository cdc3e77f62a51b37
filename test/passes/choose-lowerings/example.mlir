// Tests that operands saturate in steps of their quantizers, with headroom.
// RUN: mpcc-opt %s -choose-lowerings | FileCheck %s

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!y = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: func @f
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  // CHECK: nn.linear {{.*}}mpc.choices = [{construction = "saturation", operand = 0 : i64, ring = 16 : i64, widths = {index = 7 : i64}}]
  %h = nn.linear %q, %w {mpc.ring = 16 : i64} : (!x, !w) -> tensor<1x4xf32>
  %r = nn.quantize %h : tensor<1x4xf32> -> !y
  // CHECK: nn.linear {{.*}}mpc.choices = [{construction = "saturation", operand = 0 : i64, ring = 32 : i64, widths = {index = 11 : i64}}]
  %z = nn.linear %r, %w {mpc.ring = 32 : i64} : (!y, !w) -> tensor<1x4xf32>
  return %z : tensor<1x4xf32>
}

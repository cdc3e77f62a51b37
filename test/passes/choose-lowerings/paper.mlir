// Tests that the source design requantizes by tables of indices as narrow as its operands.
// RUN: mpcc-opt %s -set-policy=policy=lowering=paper -choose-lowerings | FileCheck %s

!x = tensor<64x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK: construction = "table"{{.*}}widths = {index = 4 : i64}
func.func @f(%x: tensor<64x4xf32> {nn.owner = "data"}) -> tensor<64x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<64x4xf32> -> !x
  %y = nn.linear %q, %w {mpc.ring = 32 : i64} : (!x, !w) -> tensor<64x2xf32>
  return %y : tensor<64x2xf32>
}

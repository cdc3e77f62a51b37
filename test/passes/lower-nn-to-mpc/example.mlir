// Tests that a linear layer reads its input from a table that rounds, and that no scale is left.
// RUN: mpcc-opt %s -lower-nn-to-mpc | FileCheck %s

!x = tensor<1x4x!quant.uniform<i8<-2:1>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: @layer
// CHECK: %[[X:.*]] = mpc.input
// CHECK: mpc.product %[[X]] const
// CHECK: %[[I:.*]] = mpc.truncate {{.*}} -> !mpc.add<1x4, 4>
// CHECK: %[[Q:.*]] = mpc.lut %[[I]]
// CHECK: %[[Y:.*]] = mpc.linear %[[Q]]
// CHECK: mpc.reveal %[[Y]]
func.func @layer(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {mpc.choices = [{construction = "table", operand = 0, ring = 32, widths = {index = 4}}], mpc.ring = 32, nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

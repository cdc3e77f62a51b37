// Tests that a zero point is added before the bounds and taken away behind them, whatever it is, and not where the range starts at zero.
// RUN: mpcc-opt %s -nn-to-mpc -split-input-file | FileCheck %s

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5:3>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// CHECK-LABEL: @signed
// CHECK: mpc.product const
// CHECK: mpc.saturate {{.*}} {bits = 11 : i64, least = -128 : i64, most = 127 : i64}
// CHECK: mpc.constant dense<-3>
// CHECK: mpc.product const
func.func @signed(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// CHECK-LABEL: @zero
// CHECK: mpc.product const
// CHECK: mpc.saturate {{.*}} {bits = 11 : i64, least = -128 : i64, most = 127 : i64}
// CHECK: mpc.constant dense<0>
// CHECK: mpc.product const
func.func @zero(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5:-128>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
// The ReLU in front is the lower bound.
// CHECK-LABEL: @from_zero
// CHECK: %[[H:.*]] = mpc.linear
// CHECK-NOT: mpc.lut
// CHECK: mpc.saturate {{.*}} {bits = 11 : i64, least = 0 : i64, most = 255 : i64}
// CHECK-NEXT: mpc.constant
// CHECK-NEXT: mpc.constant
// CHECK-NEXT: mpc.linear
func.func @from_zero(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %h = nn.linear %q, %w {nn.range = 64.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %r = nn.unary relu %h : tensor<1x4xf32> -> tensor<1x4xf32>
  %s = nn.quantize %r : tensor<1x4xf32> -> !x
  %y = nn.linear %s, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

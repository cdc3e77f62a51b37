// Tests the errors for a product without a choice for its operand, and for a choice that is no construction of one.
// RUN: mpcc-opt %s -lower-nn-to-mpc -split-input-file -verify-diagnostics

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @none(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  // expected-error@+1 {{has no choice in 'mpc.choices' for operand 0, read in 32 bits; run choose-lowerings first}}
  %y = nn.linear %q, %w {mpc.ring = 16 : i64, nn.range = 2.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @unknown(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  // expected-error@+1 {{has windows in 'mpc.choices' for operand 0, which is no construction of it}}
  %y = nn.linear %q, %w {mpc.choices = [{construction = "windows", operand = 0 : i64, ring = 32 : i64, widths = {index = 16 : i64}}], mpc.ring = 16 : i64, nn.range = 2.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// expected-error@+1 {{no softmax, for which 'mpc.choices' has softmax; run choose-lowerings again}}
func.func @other(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %y = nn.linear %q, %w {mpc.choices = [{construction = "softmax", operand = 0 : i64, ring = 32 : i64, widths = {index = 16 : i64}}], mpc.ring = 16 : i64, nn.range = 2.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @no_width(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  // expected-error@+1 {{has no choice in 'mpc.choices' for operand 0}}
  %y = nn.linear %q, %w {mpc.choices = [{construction = "table", operand = 0 : i64, ring = 32 : i64, widths = {index = 99 : i64}}], mpc.ring = 16 : i64, nn.range = 2.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

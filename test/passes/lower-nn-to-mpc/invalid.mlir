// Tests the errors for networks that cannot be lowered.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @result_too_large(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  // expected-error@+1 {{a result that reaches 250 with its margin; accepted: results below 128}}
  %y = nn.linear %q, %w {nn.range = 200.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!z = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5:1>>
!v = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @zero_point(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  // expected-error@+1 {{an activation of 4 bits with zero point 1; accepted: zero point 0 up to 4 bits}}
  %q = nn.quantize %x : tensor<1x4xf32> -> !z
  %w = nn.constant dense<1> : tensor<4x2xi8> : !v
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!z, !v) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @no_range(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %g = nn.constant dense<2.0> : tensor<4xf32> : tensor<4xf32>
  // expected-error@+1 {{a real value without 'nn.range' that no quantizer bounds}}
  %y = nn.binary mul %x, %g : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

// expected-error@+1 {{a real value without 'nn.range' that no quantizer bounds}}
func.func @unbounded(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<0.5> : tensor<4x2xf32> : tensor<4x2xf32>
  %y = nn.linear %x, %w {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

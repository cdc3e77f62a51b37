// Tests that values are refused which no table, index or fixed point can hold, and functions that have no table.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics

!q = tensor<1x2x!quant.uniform<i8<-8:7>:f32:1, {0.5, 0.25}>>
!w = tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @scale_for_each_channel(%x: tensor<1x2xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  // expected-error@+1 {{scale for each channel}}
  %q = nn.quantize %x : tensor<1x2xf32> -> !q
  %w = nn.constant dense<1> : tensor<2x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!q = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 4194304.0>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// expected-error@+1 {{fixed point does not resolve it}}
func.func @scale_too_coarse(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !q
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!q = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @scores_too_large(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %c {nn.range = 80.0 : f64} : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  // expected-error@+1 {{reach 100 with their margin}}
  %p = nn.softmax %s : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %q = nn.quantize %p : tensor<1x4xf32> -> !q
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!q = tensor<1x4x!quant.uniform<i8:f32, 0.0078125>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// They fit the index of 17 bits, and not the levels of a row's largest score.
func.func @scores_too_far_apart(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %c {nn.range = 104.0 : f64} : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  // expected-error@+1 {{reach 130 with their margin; accepted: 110.904, which the 21 levels}}
  %p = nn.softmax %s : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %q = nn.quantize %p : tensor<1x4xf32> -> !q
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

!q = tensor<1x513x!quant.uniform<i8:f32, 0.0078125>>
!w = tensor<513x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @long_row(%x: tensor<1x513xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %c {nn.range = 8.0 : f64} : (tensor<1x513xf32>, tensor<f32>) -> tensor<1x513xf32>
  // expected-error@+1 {{a softmax over 513 elements; accepted: at most 512}}
  %p = nn.softmax %s : (tensor<1x513xf32>) -> tensor<1x513xf32>
  %q = nn.quantize %p : tensor<1x513xf32> -> !q
  %w = nn.constant dense<1> : tensor<513x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

func.func @softmax_as_result(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  // expected-error@+1 {{'softmax' in a place}}
  %p = nn.softmax %s {nn.range = 1.0 : f64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %p : tensor<1x4xf32>
}

// -----

func.func @no_table(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %y = nn.binary mul %x, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  // expected-error@+1 {{'cast' of a secret value}}
  %z = nn.unary cast %y {nn.range = 8.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %z : tensor<1x4xf32>
}

// -----

// expected-error@+1 {{has argument 0 without 'nn.owner', expected "data"}}
func.func @unowned(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  return %x : tensor<2x4xf32>
}

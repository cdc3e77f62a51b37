// Tests that a function is told whose table, of a range far above what the quantizer behind it tells apart, is too coarse.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics -o /dev/null

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
!y = tensor<1x4x!quant.uniform<i8:f32, 0.03>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @coarse(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %a = nn.linear %q, %w {nn.range = 300.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  // expected-warning@+1 {{where it changes by up to 27.5 steps of the quantizer behind it}}
  %t = nn.unary tanh %a {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %b = nn.quantize %t : tensor<1x4xf32> -> !y
  %y = nn.linear %b, %w {nn.range = 4.0 : f64} : (!y, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
!y = tensor<1x4x!quant.uniform<i8:f32, 0.03>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @fine(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %a = nn.linear %q, %w {nn.range = 20.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %t = nn.unary tanh %a {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %b = nn.quantize %t : tensor<1x4xf32> -> !y
  %y = nn.linear %b, %w {nn.range = 4.0 : f64} : (!y, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Tests that a function which is no number for values that its operand may have is told.
// RUN: mpcc-opt %s -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
!y = tensor<1x2xf32>

func.func @told(%x: tensor<1x4xf32> {nn.owner = "data"}) -> !y {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {mpc.ring = 16 : i64, nn.range = 4.0 : f64} : (!x, !w) -> !y
  // expected-warning@+1 {{a function that is no number for values from -4 to -0.01562}}
  %r = nn.map %a {
  ^body(%n: tensor<f32>):
    %s = nn.unary sqrt %n : tensor<f32> -> tensor<f32>
    nn.yield %s : tensor<f32>
  } {nn.range = 2.0 : f64} : !y -> !y
  return %r : !y
}

// -----

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
!y = tensor<1x2xf32>

func.func @not_negative(%x: tensor<1x4xf32> {nn.owner = "data"}) -> !y {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {mpc.ring = 16 : i64, nn.range = 4.0 : f64} : (!x, !w) -> !y
  %p = nn.unary abs %a {nn.range = 4.0 : f64} : !y -> !y
  %r = nn.map %p {
  ^body(%n: tensor<f32>):
    %s = nn.unary sqrt %n : tensor<f32> -> tensor<f32>
    nn.yield %s : tensor<f32>
  } {nn.range = 2.0 : f64} : !y -> !y
  return %r : !y
}

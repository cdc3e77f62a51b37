// Tests that digits which the bits of a result do not tell are refused, all of them, and wrong ones too.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics -nn-to-mpc

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

func.func @beyond(%x: tensor<1x4xf32> {nn.owner = "data"}) -> (tensor<1x4xf32> {nn.digits = 7 : i64}, tensor<1x4xf32> {nn.digits = 5 : i64}) {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1], [1, 1, -1, 1], [-1, 1, 1, 1], [1, 1, 1, -1]]> : tensor<4x4xi8> : !w
  // expected-error@+1 {{a result to 7 decimal digits, computed in 24 bits after the point; accepted: 0 to 6 digits here, or all bits; remedy: ask for fewer with --digits, or for all}}
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  // expected-error@+1 {{a result to 5 decimal digits, computed in 14 bits after the point; accepted: 0 to 4 digits here}}
  %u = nn.l2_normalize %y {epsilon = 1.0e-12 : f64, nn.range = 1.0 : f64} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y, %u : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

// expected-error@+2 {{has 'nn.digits' of result 0 that is "all", expected an i64 from 0 to 9}}
// expected-error@+1 {{has 'nn.digits' of result 1 that is 10 : i64, expected an i64 from 0 to 9}}
func.func @wrong(%x: tensor<1x4xf32> {nn.owner = "data"}) -> (tensor<1x4xf32> {nn.digits = "all"}, tensor<1x4xf32> {nn.digits = 10 : i64}) {
  %q = nn.quantize %x : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<1> : tensor<4x4xi8> : tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x4xf32>
  return %y, %y : tensor<1x4xf32>, tensor<1x4xf32>
}

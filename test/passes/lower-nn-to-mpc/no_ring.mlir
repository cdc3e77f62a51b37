// Tests that a product without a ring is refused: choose-rings has not run.
// RUN: mpcc-opt %s -lower-nn-to-mpc -verify-diagnostics

!q = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !q
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  // expected-error@+1 {{has no 'mpc.ring'}}
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

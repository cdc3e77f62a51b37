// Tests that what P1 adds to secrets with a magnitude that no fixed point holds is refused where no softmax takes it as its mask.
// RUN: mpcc-opt %s -nn-to-mpc -verify-diagnostics

func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}, %m: tensor<1x2xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x2xf32>
  %huge = nn.constant public dense<-3.4e+38> : tensor<f32> : tensor<f32>
  // expected-error@+1 {{a public value that reaches 3.4e+38 in a place where no softmax takes it as its mask; accepted: values up to 1.07374e+09; remedy: add masks to scores just before Softmax}}
  %bias = nn.binary mul %m, %huge {nn.range = 3.4e+38 : f64} : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %sum = nn.binary add %a, %bias {nn.range = 4.0 : f64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64} : tensor<1x2xf32> -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Tests that a mean that is scaled, by a number of either sign or by a row, may be normalized.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01 --inputs '{"x": [1.0, 0.5, -2.0, 3.5, -4.0, 2.5, 1.5, 0.0, 3.0, -1.0, 2.0, 1.0], "m": [1, 1, 0]}'

func.func @f(%x: tensor<1x3x4xf32> {nn.owner = "data", nn.name = "x"}, %m: tensor<1x3xf32> {nn.owner = "data", nn.name = "m"}) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 4.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %c = nn.constant dense<3.0> : tensor<f32> : tensor<f32>
  %d = nn.constant dense<-3.0> : tensor<f32> : tensor<f32>
  %e = nn.constant dense<[0.5, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %y0 = nn.binary mul %p, %c {nn.range = 12.0 : f64} : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %y1 = nn.binary mul %p, %d {nn.range = 12.0 : f64} : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %y2 = nn.binary mul %p, %e {nn.range = 8.0 : f64} : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %n0 = nn.l2_normalize %y0 {epsilon = 1.0e-12 : f64} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %n1 = nn.l2_normalize %y1 {epsilon = 1.0e-12 : f64} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %n2 = nn.l2_normalize %y2 {epsilon = 1.0e-12 : f64} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %n0, %n1, %n2 : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>
}

// Tests that a sum by the root of how many tokens the mask keeps means what the network does.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.001 --inputs '{"x": [1.0, 0.5, -2.0, 3.5, -4.0, 2.5, 1.5, 0.0, 3.0, -1.0, 2.0, 1.0], "m": [1, 1, 0]}'

// CHECK: nn.unary sqrt
// CHECK: mpc.reveal
func.func @f(%x: tensor<1x3x4xf32> {nn.owner = "data", nn.name = "x"}, %m: tensor<1x3xf32> {nn.owner = "data", nn.name = "m"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 4.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %n = nn.reduce sum %m [1] : tensor<1x3xf32> -> tensor<1x1xf32>
  %r = nn.unary sqrt %n : tensor<1x1xf32> -> tensor<1x1xf32>
  %z = nn.binary mul %p, %r {nn.range = 7.0 : f64} : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  return %z : tensor<1x2xf32>
}

// Tests that factors may be negative or zero, and follow a row of columns.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

func.func @main(%x: tensor<1x2xf32> {nn.owner = "data"}) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %two = nn.constant dense<-2.0> : tensor<f32> : tensor<f32>
  %row = nn.constant dense<[0.0, 3.0]> : tensor<2xf32> : tensor<2xf32>
  %a = nn.binary mul %x, %two {nn.range = 8.0 : f64} : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %b = nn.binary mul %a, %row {nn.range = 24.0 : f64} : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %c = nn.binary div %b, %two {nn.range = 12.0 : f64} : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  return %a, %c : tensor<1x2xf32>, tensor<1x2xf32>
}

// Tests that factors by column stay with their columns through a slice, a concatenation and a reshape.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

func.func @main(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %k = nn.constant dense<[1.0, 1.0, 1.5, 2.0]> : tensor<4xf32> : tensor<4xf32>
  %c = nn.constant dense<[1.0, 3.0]> : tensor<2xf32> : tensor<2xf32>
  %d = nn.constant dense<[1.0, -2.0, 0.5, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %a = nn.binary mul %x, %k {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %t = nn.slice %a [0, 1] : tensor<1x4xf32> -> tensor<1x2xf32>
  %s = nn.concat %t, %t {axis = 1 : i64, nn.range = 8.0 : f64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  %y = nn.binary mul %s, %d {nn.range = 30.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %r = nn.reshape %y : tensor<1x4xf32> -> tensor<2x2xf32>
  %z = nn.binary mul %r, %c {nn.range = 90.0 : f64} : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

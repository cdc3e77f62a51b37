// Tests that the smaller operand of a sum or a difference is repeated, whichever side it stands on.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

func.func @main(%x: tensor<1x4xf32> {nn.owner = "data"}, %y: tensor<2x4xf32> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %c = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %d = nn.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]> : tensor<2x4xf32> : tensor<2x4xf32>
  %a = nn.binary mul %x, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %b = nn.binary mul %y, %c {nn.range = 8.0 : f64} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %e = nn.binary sub %a, %b {nn.range = 16.0 : f64} : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %f = nn.binary add %a, %d {nn.range = 16.0 : f64} : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %z = nn.binary add %e, %f {nn.range = 32.0 : f64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

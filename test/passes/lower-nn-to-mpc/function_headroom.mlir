// Tests that a function keeps its value up to twice its range, where a table without headroom would wrap.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: mpcc-run %t --inputs '{"x": [[3.5, 6.0, -6.0, -7.75]]}' | FileCheck %s

// CHECK: [0.99{{[0-9]*}}, {{0.99[0-9]*|1}}, -{{0.99[0-9]*|1}}, -{{0.99[0-9]*|1}}]
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %sum = nn.binary add %x, %c {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

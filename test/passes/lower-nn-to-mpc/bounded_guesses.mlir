// Tests that a guess is not warned of where its place holds the bound that no input exceeds.
// RUN: mpcc-opt %s -split-input-file -choose-rings -choose-lowerings -lower-nn-to-mpc -o /dev/null 2>&1 | FileCheck %s

// The index of a function reaches 2.4 times a guess: 9.6.
// CHECK-NOT: warning
func.func @holds(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.5]> : tensor<4xf32> : tensor<4xf32>
  %sum = nn.binary add %x, %c {nn.bound = 9.5 : f64, nn.guessed, nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32> loc("head/Add")
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32> loc("head/Tanh")
  return %y : tensor<1x4xf32>
}

// -----

// CHECK: warning: 1 value whose range is known from random inputs only (head/Add);
// CHECK: note: loc("head/Add"): it reaches 4 on random inputs, and may reach 9.7
func.func @wraps(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.5]> : tensor<4xf32> : tensor<4xf32>
  %sum = nn.binary add %x, %c {nn.bound = 9.7 : f64, nn.guessed, nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32> loc("head/Add")
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32> loc("head/Tanh")
  return %y : tensor<1x4xf32>
}

// -----

// Scales that are guesses themselves: the place holds 2^10 steps, 512.
// CHECK: warning: 1 value whose range is known from random inputs only (layer/MatMul);
func.func @scales(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> attributes {nn.guessed_scales} {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.5]> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<[[1, 2], [3, 4], [1, 1], [0, 1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8:f32, 0.01>>
  %v = nn.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32, 0.01>>
  %1 = nn.binary add %x, %c {nn.bound = 500.0 : f64, nn.guessed, nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32> loc("in/Add")
  %2 = nn.quantize %1 : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8:f32, 0.5>>
  %3 = nn.linear %2, %w {nn.bound = 520.0 : f64, nn.guessed, nn.range = 4.0 : f64} : (tensor<1x4x!quant.uniform<i8:f32, 0.5>>, tensor<4x2x!quant.uniform<i8:f32, 0.01>>) -> tensor<1x2xf32> loc("layer/MatMul")
  %4 = nn.quantize %3 : tensor<1x2xf32> -> tensor<1x2x!quant.uniform<i8:f32, 0.5>>
  %5 = nn.linear %4, %v {nn.range = 4.0 : f64} : (tensor<1x2x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x!quant.uniform<i8:f32, 0.01>>) -> tensor<1x2xf32>
  return %5 : tensor<1x2xf32>
}

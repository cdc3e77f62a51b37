// Tests that guesses have the bound that no input exceeds, and that ends of guessed quantizers are none.
// RUN: mpcc-opt %s -calibrate-ranges | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5>

// A row of 4 has length 2 behind its normalization: 2 |(3, 4, 0, 0) - mean| + 1, and 2 % for fixed point.
// CHECK-LABEL: @normalized
func.func @normalized(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x1xf32> {
  %one = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %zero = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<[[3.0], [4.0], [0.0], [0.0]]> : tensor<4x1xf32> : tensor<4x1xf32>
  %b = nn.constant dense<1.0> : tensor<1xf32> : tensor<1xf32>
  %0 = nn.layer_norm %x, %one, %zero {epsilon = 0.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: nn.linear {{.*}} {nn.bound = 8.304{{[0-9]*}} : f64, nn.guessed, nn.range
  %1 = nn.linear %0, %w, %b : (tensor<1x4xf32>, tensor<4x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// CHECK-LABEL: @scales
func.func @scales(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> attributes {nn.guessed_scales} {
  %c = nn.constant dense<[9.0, -3.0, 2.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  // CHECK: nn.binary mul {{.*}} {nn.guessed, nn.range
  %0 = nn.binary mul %x, %c : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %1 = nn.quantize %0 : tensor<1x4xf32> -> tensor<1x4x!q>
  %2 = nn.dequantize %1 : tensor<1x4x!q> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// What a normalization lifts has its bound beside a range that is known: weights of -1 and 1 of four
// quantized values of at most 64, a step of the quantizer's rounding, and 2 %.
// CHECK-LABEL: @lifted
func.func @lifted(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %one = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %zero = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<1> : tensor<4x4xi8> : tensor<4x4x!quant.uniform<i8<-1:1>:f32, 1.0>>
  %0 = nn.quantize %x : tensor<1x4xf32> -> tensor<1x4x!q>
  // CHECK: nn.linear {{.*}} {nn.bound = {{.*}} : f64, nn.range = 3.000000e+00 : f64}
  %1 = nn.linear %0, %w {nn.range = 3.0 : f64} : (tensor<1x4x!q>, tensor<4x4x!quant.uniform<i8<-1:1>:f32, 1.0>>) -> tensor<1x4xf32>
  %2 = nn.reshape %1 : tensor<1x4xf32> -> tensor<1x4xf32>
  %3 = nn.layer_norm %2, %one, %zero {epsilon = 0.0 : f64, nn.range = 2.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: nn.linear {{.*}} {nn.range = 3.000000e+00 : f64}
  %4 = nn.quantize %3 : tensor<1x4xf32> -> tensor<1x4x!q>
  %5 = nn.linear %4, %w {nn.range = 3.0 : f64} : (tensor<1x4x!q>, tensor<4x4x!quant.uniform<i8<-1:1>:f32, 1.0>>) -> tensor<1x4xf32>
  return %5 : tensor<1x4xf32>
}

// What P1 computes alone is not lifted.
// CHECK-LABEL: @plaintext
func.func @plaintext(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %one = nn.constant public dense<1.0> : tensor<4xf32> : tensor<4xf32>
  // CHECK: nn.unary tanh %{{.*}} {nn.range = 1.000000e+00 : f64}
  %0 = nn.unary tanh %x {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = nn.layer_norm %0, %one, %one {epsilon = 0.0 : f64, nn.range = 3.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// Tests that products, elementwise operations, slices and attributes refuse what they cannot mean.
// RUN: mpcc-opt --split-input-file --verify-diagnostics %s

func.func @linear(%x: tensor<2x4xf32>, %w: tensor<3x2xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{input [2x4] does not end in K = 3 of the weight}}
  %y = nn.linear %x, %w : (tensor<2x4xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

func.func @binary(%x: tensor<2x4xf32>, %y: tensor<3xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{shapes [2x4] and [3] do not broadcast}}
  %z = nn.binary add %x, %y : (tensor<2x4xf32>, tensor<3xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

// -----

// expected-error @+1 {{'nn.owner' of argument 0 is "model", expected "data"}}
func.func @owner(%x: tensor<2xf32> {nn.owner = "model"}) {
  return
}

// -----

func.func @least_maximum(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{'nn.least_maximum' is 1 : i64, expected a finite f64 on a softmax}}
  %y = nn.softmax %x {nn.least_maximum = 1 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @range(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{'nn.range' is -1.000000e+00 : f64, expected a finite f64 that is not negative}}
  %y = nn.unary relu %x {nn.range = -1.0 : f64} : tensor<2xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @slice(%x: tensor<4xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{takes 3 from 2 on of a dimension of 4}}
  %y = nn.slice %x [2] : tensor<4xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// Tests that products are refused which their constants or their ring cannot hold.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics

!q = tensor<4x4x!quant.uniform<i8:f32, 5.0e-6>>
func.func @too_fine(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %k = nn.constant dense<1.0> : tensor<4x4xf32> : tensor<4x4xf32>
  // expected-error@+1 {{step is 27 units of the product}}
  %s = nn.binary add %x, %k : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %q = nn.quantize %s : tensor<4x4xf32> -> !q
  %y = nn.matmul %q, %q {nn.range = 2.0 : f64} : (!q, !q) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

!q = tensor<4x4x!quant.uniform<i8:f32, 0.5>>
func.func @scaled_by_column(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %k = nn.constant dense<1.0> : tensor<4x4xf32> : tensor<4x4xf32>
  %s = nn.binary add %x, %k : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %q = nn.quantize %s : tensor<4x4xf32> -> !q
  %c = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  // expected-error@+1 {{scaled by column}}
  %y = nn.matmul %q, %q {nn.range = 2.0 : f64} : (!q, !q) -> tensor<4x4xf32>
  %z = nn.binary mul %y, %c {nn.range = 8.0 : f64} : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  return %z : tensor<4x4xf32>
}

// -----

// expected-error@+1 {{no row of its columns}}
func.func @scaled_by_row(%x: tensor<2x4xf32> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %c = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32> : tensor<2x1xf32>
  %z = nn.binary mul %x, %c {nn.range = 8.0 : f64} : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %z : tensor<2x4xf32>
}

// -----

func.func @scaled_sum(%x: tensor<2x2xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %b = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %c = nn.constant dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  // expected-error@+1 {{added to a scaled value}}
  %y = nn.binary add %x, %b {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %z = nn.binary mul %y, %c {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

// -----

func.func @scaled_column(%x: tensor<2x2xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %b = nn.constant dense<[[1.0], [3.0]]> : tensor<2x1xf32> : tensor<2x1xf32>
  %c = nn.constant dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  // expected-error@+1 {{added to a scaled value}}
  %y = nn.binary add %x, %b {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %z = nn.binary mul %y, %c {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

// -----

func.func @repeated_column(%x: tensor<2x2xf32> {nn.owner = "data"}, %y: tensor<2x1xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %k = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %c = nn.constant dense<[1.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %a = nn.binary mul %x, %k {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %b = nn.binary mul %y, %k {nn.range = 8.0 : f64} : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  // expected-error@+1 {{factors by column of a sum that repeats a column}}
  %s = nn.binary add %a, %b {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %z = nn.binary mul %s, %c {nn.range = 8.0 : f64} : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

// -----

!q = tensor<1x2x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
// expected-error@+1 {{expected a constant parameter}}
func.func @computed_weight(%x: tensor<1x2xf32> {nn.owner = "data"}, %w: !w {nn.owner = "data"}) -> tensor<1x2xf32> {
  %k = nn.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  %s = nn.binary add %x, %k : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %q = nn.quantize %s : tensor<1x2xf32> -> !q
  %y = nn.linear %q, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// RUN: mpcc-opt %s -set-policy=policy=net-dealt-bw=1000000 -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics

!s = tensor<1x4x!quant.uniform<u8:f32, 1.78:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// Tests that the operand's private unit, which stretches it, counts in how far lines reach: 4.49 units of the factor are rounded to 4.
func.func @stretched(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 48.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // expected-error@+1 {{a function of values that reach 60 with their margin; accepted: values up to 56.96}}
  %f = nn.unary gelu %sum {nn.range = 48.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %q = nn.quantize %f : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!s = tensor<1x4x!quant.uniform<u8:f32, 0.03:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// Tests that a factor of a column that is no whole number, and is not lost in half a step, is refused.
func.func @lost_column(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %k = nn.constant dense<[1.0, 0.0018, 0.0, -1.0]> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // expected-error@+1 {{a function before a quantizer with steps of 16.6667}}
  %f = nn.unary gelu %sum {nn.range = 8.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %m = nn.binary mul %f, %k {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %q = nn.quantize %m : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!s = tensor<1x4x!quant.uniform<u8:f32, 0.03:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// Tests that one that is, is zero.
func.func @nothing_lost(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %k = nn.constant dense<[1.0, 0.001, 0.0, -1.0]> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %f = nn.unary gelu %sum {nn.range = 8.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %m = nn.binary mul %f, %k {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %q = nn.quantize %m : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!s = tensor<1x4x!quant.uniform<u8:f32, 1.0e-06:9>>

// Tests that a step which is a few units of what reads it is refused: a result.
func.func @imprecise_steps(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %sum = nn.binary add %x, %c {nn.range = 1.0e-04 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // expected-error@+1 {{a quantizer whose step is 16.8 units of what reads it; accepted: 64 units, for precision}}
  %q = nn.quantize %sum {nn.range = 1.0e-04 : f64} : tensor<1x4xf32> -> !s
  %d = nn.dequantize %q {nn.range = 1.0e-04 : f64} : !s -> tensor<1x4xf32>
  return %d : tensor<1x4xf32>
}

// Tests that quantizers and products refuse types, scales and shapes that do not fit.
// RUN: mpcc-opt --split-input-file --verify-diagnostics %s

func.func @constant_container() {
  // expected-error @+1 {{stores elements as 'i8' for '!quant.uniform<i16:f32, 5.000000e-01>', expected i8, i16 or i32 that can hold them}}
  %c = nn.constant dense<1> : tensor<2xi8> : tensor<2x!quant.uniform<i16:f32, 5.000000e-01>>
  return
}

// -----

func.func @constant_shape() {
  // expected-error @+1 {{result has shape [3], expected [2]}}
  %c = nn.constant dense<1.0> : tensor<2xf32> : tensor<3xf32>
  return
}

// -----

func.func @constant_type() {
  // expected-error @+1 {{element types 'i32' and 'i64' differ, expected the same}}
  %c = nn.constant dense<1> : tensor<2xi32> : tensor<2xi64>
  return
}

// -----

func.func @quantize_shape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape [6], expected [2x3]}}
  %q = nn.quantize %x : tensor<2x3xf32> -> tensor<6x!quant.uniform<i8:f32, 5.000000e-01>>
  return
}

// -----

func.func @quantize_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{quantized dimension 2 is outside shape [2x3]}}
  %q = nn.quantize %x : tensor<2x3xf32> -> tensor<2x3x!quant.uniform<i8:f32:2, {5.000000e-01,2.000000e+00}>>
  return
}

// -----

func.func @quantize_type(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result #0 must be statically shaped tensor of uniformly quantized value}}
  %q = nn.quantize %x : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @dequantize_shape(%x: tensor<2x3x!quant.uniform<i8:f32, 5.000000e-01>>) {
  // expected-error @+1 {{result has shape [2x4], expected [2x3]}}
  %y = nn.dequantize %x : tensor<2x3x!quant.uniform<i8:f32, 5.000000e-01>> -> tensor<2x4xf32>
  return
}

// -----

func.func @dequantize_scales(%x: tensor<2x3x!quant.uniform<i8:f32:1, {5.000000e-01,2.000000e+00}>>) {
  // expected-error @+1 {{2 scales for dimension 1 of shape [2x3]}}
  %y = nn.dequantize %x : tensor<2x3x!quant.uniform<i8:f32:1, {5.000000e-01,2.000000e+00}>> -> tensor<2x3xf32>
  return
}

// -----

func.func @linear_weight(%x: tensor<2x4xf32>, %w: tensor<4xf32>) {
  // expected-error @+1 {{weight has shape [4], expected [K, N]}}
  %y = nn.linear %x, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @linear_bias(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{bias has shape [4], expected [3]}}
  %y = nn.linear %x, %w, %b : (tensor<2x4xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @linear_result(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>) {
  // expected-error @+1 {{result has shape [2x4], expected [2x3]}}
  %y = nn.linear %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @matmul_rank(%x: tensor<2x4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{operands have shapes [2x4] and [4], expected at least rank 2}}
  %y = nn.matmul %x, %v : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @matmul_extents(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{operands have shapes [2x4] and [2x4], which do not multiply}}
  %y = nn.matmul %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @matmul_batch(%x: tensor<2x4x4xf32>, %z: tensor<3x4x4xf32>) {
  // expected-error @+1 {{operands have shapes [2x4x4] and [3x4x4], which do not multiply}}
  %y = nn.matmul %x, %z : (tensor<2x4x4xf32>, tensor<3x4x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @matmul_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [4x4], expected [2x2]}}
  %y = nn.matmul %x, %x {transpose_b} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @matmul_int(%x: tensor<2x2xi64>) -> tensor<2x2xf32> {
  // expected-error@+1 {{expected f32 or quantized elements}}
  %y = nn.matmul %x, %x : (tensor<2x2xi64>, tensor<2x2xi64>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

func.func @cast_quantized(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2xf32> {
  // expected-error@+1 {{expected plain elements}}
  %y = nn.unary cast %x : tensor<2x!quant.uniform<i8:f32, 0.5>> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

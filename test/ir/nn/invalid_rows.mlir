// Tests that reductions and normalizations refuse axes, parameters and results that do not fit.
// RUN: mpcc-opt --split-input-file --verify-diagnostics %s

func.func @reduce_axis(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{axis 2 is outside shape [2x4]}}
  %y = nn.reduce sum %x [2] : tensor<2x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @reduce_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2], expected [2x1]}}
  %y = nn.reduce mean %x [1] : tensor<2x4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @softmax_scalar(%x: tensor<f32>) {
  // expected-error @+1 {{scores are a scalar, expected at least rank 1}}
  %y = nn.softmax %x : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @softmax_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2x1], expected [2x4]}}
  %y = nn.softmax %x : (tensor<2x4xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @softmax_mask(%x: tensor<2x4xf32>, %m: tensor<2xf32>) {
  // expected-error @+1 {{shape [2] does not broadcast to [2x4]}}
  %y = nn.softmax %x mask %m : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @softmax_larger_mask(%x: tensor<1x4xf32>, %m: tensor<2x4xf32>) {
  // expected-error @+1 {{shape [2x4] does not broadcast to [1x4]}}
  %y = nn.softmax %x mask %m : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @layer_norm_scalar(%x: tensor<f32>, %g: tensor<1xf32>) {
  // expected-error @+1 {{input is a scalar, expected at least rank 1}}
  %y = nn.layer_norm %x, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<f32>, tensor<1xf32>, tensor<1xf32>) -> tensor<f32>
  return
}

// -----

func.func @layer_norm_parameter(%x: tensor<2x4xf32>, %g: tensor<4xf32>, %b: tensor<1x4xf32>) {
  // expected-error @+1 {{parameter has shape [1x4], expected [4]}}
  %y = nn.layer_norm %x, %g, %b {epsilon = 1.0e-5 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @layer_norm_result(%x: tensor<2x4xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{result has shape [4], expected [2x4]}}
  %y = nn.layer_norm %x, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @variance_scalar(%x: tensor<f32>) {
  // expected-error @+1 {{input is a scalar, expected at least rank 1}}
  %y = nn.variance %x : tensor<f32> -> tensor<f32>
  return
}

// -----

func.func @variance_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2x4], expected [2x1]}}
  %y = nn.variance %x : tensor<2x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @standardize_scalar(%x: tensor<f32>) {
  // expected-error @+1 {{input is a scalar, expected at least rank 1}}
  %y = nn.standardize %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @standardize_factor(%x: tensor<2x4xf32>, %f: tensor<2xf32>) {
  // expected-error @+1 {{factor has shape [2], expected [2x1]}}
  %y = nn.standardize %x, %f : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @standardize_result(%x: tensor<2x4xf32>, %f: tensor<2x1xf32>) {
  // expected-error @+1 {{result has shape [2x1], expected [2x4]}}
  %y = nn.standardize %x, %f : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @mean_pool_rank(%x: tensor<2x4xf32>, %m: tensor<2xf32>) {
  // expected-error @+1 {{input has shape [2x4], expected [B, S, D]}}
  %y = nn.mean_pool %x, %m : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @mean_pool_mask(%x: tensor<1x2x4xf32>, %m: tensor<1x4xf32>) {
  // expected-error @+1 {{mask has shape [1x4], expected [1x2]}}
  %y = nn.mean_pool %x, %m : (tensor<1x2x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @mean_pool_result(%x: tensor<1x2x4xf32>, %m: tensor<1x2xf32>) {
  // expected-error @+1 {{result has shape [1x2], expected [1x4]}}
  %y = nn.mean_pool %x, %m : (tensor<1x2x4xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return
}

// -----

func.func @l2_normalize_scalar(%x: tensor<f32>) {
  // expected-error @+1 {{input is a scalar, expected at least rank 1}}
  %y = nn.l2_normalize %x {epsilon = 1.0e-12 : f64} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @l2_normalize_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2x1], expected [2x4]}}
  %y = nn.l2_normalize %x {epsilon = 1.0e-12 : f64} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  return
}

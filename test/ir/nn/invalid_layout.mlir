// Tests that operations that move or choose elements refuse shapes and types that do not fit.
// RUN: mpcc-opt --split-input-file --verify-diagnostics %s

func.func @reshape_elements(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{has shapes [2x4] and [7], expected the same number of elements}}
  %y = nn.reshape %x : tensor<2x4xf32> -> tensor<7xf32>
  return
}

// -----

func.func @reshape_type(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{element types 'f32' and 'i64' differ, expected the same}}
  %y = nn.reshape %x : tensor<2x4xf32> -> tensor<8xi64>
  return
}

// -----

func.func @transpose_perm(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{perm is not a permutation of the 2 dimensions}}
  %y = nn.transpose %x [1, 1] : tensor<2x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @transpose_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2x4], expected [4x2]}}
  %y = nn.transpose %x [1, 0] : tensor<2x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @slice_rank(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{ranks of input, offsets and result differ}}
  %y = nn.slice %x [1] : tensor<2x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @concat_axis(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{axis 2 is outside shape [2x4]}}
  %y = nn.concat %x, %x {axis = 2 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @concat_rank(%x: tensor<2x4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{inputs have ranks 2 and 1}}
  %y = nn.concat %x, %v {axis = 0 : i64} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @concat_result(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape [2x9], expected [2x8]}}
  %y = nn.concat %x, %x {axis = 1 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @concat_nothing() {
  // expected-error @+1 {{has no inputs, expected at least one}}
  %y = nn.concat {axis = 0 : i64} : () -> tensor<2xf32>
  return
}

// -----

func.func @broadcast_shape(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{shape [2x4] does not broadcast to [4x4]}}
  %y = nn.broadcast %x : tensor<2x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @broadcast_type(%x: tensor<1x4xf32>) {
  // expected-error @+1 {{element types 'f32' and 'i64' differ, expected the same}}
  %y = nn.broadcast %x : tensor<1x4xf32> -> tensor<2x4xi64>
  return
}

// -----

func.func @gather_ids(%x: tensor<2x4xf32>, %ids: tensor<3xf32>) {
  // expected-error @+1 {{ids are 'tensor<3xf32>', expected i64}}
  %y = nn.gather %x, %ids : (tensor<2x4xf32>, tensor<3xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @gather_result(%x: tensor<2x4xf32>, %ids: tensor<3xi64>) {
  // expected-error @+1 {{result has shape [3], expected [3x4]}}
  %y = nn.gather %x, %ids : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<3xf32>
  return
}

// -----

func.func @select_condition(%x: tensor<4xf32>) {
  // expected-error @+1 {{condition is 'tensor<4xf32>', expected i1 elements}}
  %y = nn.select %x, %x, %x : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @select_shape(%c: tensor<3xi1>, %x: tensor<4xf32>) {
  // expected-error @+1 {{shape [3] does not broadcast to [4]}}
  %y = nn.select %c, %x, %x : (tensor<3xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @select_type(%c: tensor<4xi1>, %x: tensor<4xf32>, %i: tensor<4xi64>) {
  // expected-error @+1 {{element types 'f32' and 'i64' differ, expected the same}}
  %y = nn.select %c, %x, %i : (tensor<4xi1>, tensor<4xf32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_shape(%x: tensor<2x3xf32>, %y: tensor<5x3xf32>) -> tensor<2x6xf32> {
  // expected-error@+1 {{which differ outside axis 1}}
  %z = nn.concat %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, tensor<5x3xf32>) -> tensor<2x6xf32>
  return %z : tensor<2x6xf32>
}

// -----

func.func @concat_type(%x: tensor<2x3xf32>, %y: tensor<2x3xi64>) -> tensor<2x6xf32> {
  // expected-error@+1 {{element types 'f32' and 'i64' differ}}
  %z = nn.concat %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>) -> tensor<2x6xf32>
  return %z : tensor<2x6xf32>
}

// -----

func.func @slice_overflow(%x: tensor<2xf32>) -> tensor<1xf32> {
  // expected-error@+1 {{takes 1 from 9223372036854775807 on of a dimension of 2}}
  %y = nn.slice %x [9223372036854775807] : tensor<2xf32> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

!c = !quant.uniform<i8:f32:0, {0.5, 0.25}>
func.func @slice_axis(%x: tensor<2x3x!c>) -> tensor<1x3x!c> {
  // expected-error@+1 {{2 scales for dimension 0 of shape [1x3]}}
  %y = nn.slice %x [0, 0] : tensor<2x3x!c> -> tensor<1x3x!c>
  return %y : tensor<1x3x!c>
}

// -----

!c = !quant.uniform<i8:f32:0, {0.5, 0.25}>
func.func @transpose_axis(%x: tensor<2x2x!c>) -> tensor<2x2x!c> {
  // expected-error@+1 {{element types}}
  %y = nn.transpose %x [1, 0] : tensor<2x2x!c> -> tensor<2x2x!c>
  return %y : tensor<2x2x!c>
}

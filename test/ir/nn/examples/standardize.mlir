// Tests that the example of `nn.standardize` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 6, 0, 2, 4, 2], "arg1": [2, 0.5]}' | FileCheck %s
// CHECK: {{^}}[-4, -2, 0, 6, -1, 0, 1, 0]{{$}}

func.func @f(%x: tensor<2x4xf32>, %factor: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %y = nn.standardize %x, %factor : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

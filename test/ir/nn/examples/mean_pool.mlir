// Tests that the example of `nn.mean_pool` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6], "arg1": [1, 1, 0]}' | FileCheck %s
// CHECK: {{^}}[2, 3]{{$}}

func.func @f(%a: tensor<1x3x2xf32>, %b: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %y = nn.mean_pool %a, %b : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Tests that the example of `nn.select` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 0], "arg1": [1, 2], "arg2": [-1, -2]}' | FileCheck %s
// CHECK: {{^}}[1, -2]{{$}}

func.func @f(%c: tensor<2xi1>, %a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  %y = nn.select %c, %a, %b : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

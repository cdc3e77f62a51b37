// Tests that the example of `nn.binary` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [10, 20]}' | FileCheck %s
// CHECK: {{^}}[-9, -18, -7, -16]{{$}}

func.func @f(%a: tensor<2x2xf32>, %b: tensor<2xf32>) -> tensor<2x2xf32> {
  %y = nn.binary sub %a, %b : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

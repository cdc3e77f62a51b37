// Tests that the example of `nn.concat` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2], "arg1": [3, 4]}' | FileCheck %s
// CHECK: {{^}}[1, 3, 2, 4]{{$}}

func.func @f(%a: tensor<2x1xf32>, %b: tensor<2x1xf32>) -> tensor<2x2xf32> {
  %y = nn.concat %a, %b {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// Tests that the example of `nn.matmul` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4], "arg1": [1, 0, 0, 2]}' | FileCheck %s
// CHECK: {{^}}[1, 4, 3, 8]{{$}}

func.func @f(%a: tensor<1x2x2xf32>, %b: tensor<1x2x2xf32>) -> tensor<1x2x2xf32> {
  %y = nn.matmul %a, %b : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

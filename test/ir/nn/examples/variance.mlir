// Tests that the example of `nn.variance` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 6]}' | FileCheck %s
// CHECK: {{^}}[3.5]{{$}}

func.func @f(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %y = nn.variance %x : tensor<1x4xf32> -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

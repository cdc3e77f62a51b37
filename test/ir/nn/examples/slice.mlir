// Tests that the example of `nn.slice` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[2, 5]{{$}}

func.func @f(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %y = nn.slice %x [0, 1] : tensor<2x3xf32> -> tensor<2x1xf32>
  return %y : tensor<2x1xf32>
}

// Tests that the example of `nn.transpose` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[1, 4, 2, 5, 3, 6]{{$}}

func.func @f(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %y = nn.transpose %x [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

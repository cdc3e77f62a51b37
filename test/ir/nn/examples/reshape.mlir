// Tests that the example of `nn.reshape` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4, 5, 6]}' | FileCheck %s
// CHECK: {{^}}[1, 2, 3, 4, 5, 6]{{$}}

func.func @f(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %y = nn.reshape %x : tensor<2x3xf32> -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

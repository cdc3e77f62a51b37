// Tests that the example of `nn.broadcast` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2]}' | FileCheck %s
// CHECK: {{^}}[1, 1, 1, 2, 2, 2]{{$}}

func.func @f(%x: tensor<2x1xf32>) -> tensor<2x3xf32> {
  %y = nn.broadcast %x : tensor<2x1xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

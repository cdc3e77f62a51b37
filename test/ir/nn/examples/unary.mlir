// Tests that the example of `nn.unary` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [-1, 0, 2.5]}' | FileCheck %s
// CHECK: {{^}}[0, 0, 2.5]{{$}}

func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = nn.unary relu %x : tensor<3xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

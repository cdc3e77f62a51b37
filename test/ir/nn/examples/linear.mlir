// Tests that the example of `nn.linear` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2]}' | FileCheck %s
// CHECK: {{^}}[1.5, 2.5, 0.5]{{$}}

func.func @f(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
  %w = nn.constant dense<[[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]> : tensor<2x3xf32> : tensor<2x3xf32>
  %b = nn.constant dense<[0.5, 0.5, 0.5]> : tensor<3xf32> : tensor<3xf32>
  %y = nn.linear %x, %w, %b : (tensor<1x2xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

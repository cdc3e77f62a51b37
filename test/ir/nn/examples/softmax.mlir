// Tests that the example of `nn.softmax` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 2], "arg1": [0, 0, -10000]}' | FileCheck %s
// CHECK: {{^}}[0.2689414322376251, 0.7310585975646973, 0]{{$}}

func.func @f(%s: tensor<1x3xf32>, %m: tensor<1x3xf32>) -> tensor<1x3xf32> {
  %y = nn.softmax %s mask %m : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// Tests that the example of `nn.gather` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 0]}' | FileCheck %s
// CHECK: {{^}}[1.5, -2, 0.5, 1]{{$}}

func.func @f(%ids: tensor<2xi64>) -> tensor<2x2xf32> {
  %t = nn.constant public dense<[[0.5, 1.0], [1.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %y = nn.gather %t, %ids : (tensor<2x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

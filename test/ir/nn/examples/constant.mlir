// Tests that the example of `nn.constant` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1]}' | FileCheck %s
// CHECK: {{^}}[1.5, -1]{{$}}

func.func @f(%x: tensor<1xf32>) -> tensor<2xf32> {
  %c = nn.constant public dense<[0.5, -2.0]> : tensor<2xf32> : tensor<2xf32>
  %y = nn.binary add %c, %x : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

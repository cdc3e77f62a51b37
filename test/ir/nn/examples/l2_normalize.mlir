// Tests that the example of `nn.l2_normalize` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, 4]}' | FileCheck %s
// CHECK: {{^}}[0.6000000238418579, 0.800000011920929]{{$}}

func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %y = nn.l2_normalize %x {epsilon = 1.0e-12 : f64} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

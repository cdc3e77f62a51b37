// Tests that the example of `nn.layer_norm` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4]}' | FileCheck %s
// CHECK: {{^}}[-0.8416407704353333, 0.05278640612959862, 0.9472135901451111, 1.841640830039978]{{$}}

func.func @f(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %g = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %b = nn.constant dense<0.5> : tensor<4xf32> : tensor<4xf32>
  %y = nn.layer_norm %x, %g, %b {epsilon = 0.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Tests that the example of `nn.map` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2]}' | FileCheck %s
// CHECK: {{^}}[1, 4]{{$}}

func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = nn.map %x {
  ^body(%number: tensor<f32>):
    %square = nn.binary mul %number, %number : (tensor<f32>, tensor<f32>) -> tensor<f32>
    nn.yield %square : tensor<f32>
  } : tensor<2xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// Tests that the example of `nn.quantize` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0.25, 0.75, -3, 100]}' | FileCheck %s
// CHECK: {{^}}[1, 3, -5, 127]{{$}}

func.func @f(%x: tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 0.5:1>> {
  %y = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.5:1>>
  return %y : tensor<4x!quant.uniform<i8:f32, 0.5:1>>
}

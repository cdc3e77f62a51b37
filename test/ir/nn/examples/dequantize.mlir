// Tests that the example of `nn.dequantize` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 3, -7]}' | FileCheck %s
// CHECK: {{^}}[0, 1, -4]{{$}}

func.func @f(%x: tensor<3x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<3xf32> {
  %y = nn.dequantize %x : tensor<3x!quant.uniform<i8:f32, 0.5:1>> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

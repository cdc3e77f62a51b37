// Tests that the example of `nn.plain` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2, 3, 4]}' | FileCheck %s
// CHECK: {{^}}[1, 3, 6, 10]{{$}}

func.func @f(%x: tensor<4xi64>) -> tensor<4xi64> {
  %y = nn.plain "cum_sum"(%x) [0, 0, 0] : (tensor<4xi64>) -> tensor<4xi64>
  return %y : tensor<4xi64>
}

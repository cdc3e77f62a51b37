// Tests that the example of `mpc.encode` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0.5, 0.26, -1, 1000]}' | FileCheck %s
// CHECK: {{^}}[2, 1, -4, 127]{{$}}

func.func @f(%x: tensor<4xf32>) -> tensor<4xi8> {
  %y = mpc.encode %x {fraction_bits = 2 : i64} : tensor<4xf32> -> tensor<4xi8>
  return %y : tensor<4xi8>
}

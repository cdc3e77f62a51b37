// Tests that the example of `mpc.reveal` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, -8]}' | FileCheck %s
// CHECK: {{^}}[0.75, -2]{{$}}

func.func @f(%x: !mpc.add<2, 8>) -> tensor<2xf32> {
  %y = mpc.reveal %x {fraction_bits = 2 : i64} : !mpc.add<2, 8> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

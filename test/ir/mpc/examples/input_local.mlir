// Tests that the example of `mpc.input_local` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2]}' | FileCheck %s
// CHECK: {{^}}[1, -2]{{$}}

func.func @f(%x: tensor<2xi8>) -> !mpc.add<2, 8> {
  %y = mpc.input_local %x : tensor<2xi8> -> !mpc.add<2, 8>
  return %y : !mpc.add<2, 8>
}

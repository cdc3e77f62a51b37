// Tests that the example of `mpc.input` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, -2]}' | FileCheck %s
// CHECK: {{^}}[1, -2]{{$}}

func.func @f(%x: tensor<2xi8>) -> !mpc.rss<2, 8> {
  %y = mpc.input %x : tensor<2xi8> -> !mpc.rss<2, 8>
  return %y : !mpc.rss<2, 8>
}

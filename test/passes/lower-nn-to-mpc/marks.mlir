// Tests that places are marked where values are numbered, nowhere else, and that plans have no marks.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc | FileCheck %s
// RUN: sed -e 's/nn.value = 3 : i64, //' %s | mpcc-opt -choose-rings -choose-lowerings -lower-nn-to-mpc | FileCheck %s --check-prefix PLAIN
// RUN: mpcc compile %s --from=nn -o %t.plans
// RUN: not grep -rl marks %t.plans

// CHECK: mpc.marks = [{holds = 8.000000e+00 : f64, offset = 0.000000e+00 : f64, place = "function", step = 0.000000e+00 : f64, unit = {{.*}}, value = 3 : i64}]
// PLAIN-NOT: marks
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> (tensor<1x4xf32> {nn.name = "y"}) {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.5]> : tensor<4xf32> : tensor<4xf32>
  %sum = nn.binary add %x, %c {nn.value = 3 : i64, nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Tests that a number without axes that is added to a value is shared as a row of one, which plans can hold.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

// CHECK: mpc.product const {{.*}} : (!mpc.private<1, {{[0-9]+}}>) -> !mpc.add<1, {{[0-9]+}}>
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %r = nn.unary neg %x {nn.range = 4.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %w = nn.constant dense<0.25> : tensor<4x4xf32> : tensor<4x4xf32>
  %c = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
  %a = nn.linear %r, %w {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %s = nn.binary add %a, %c {nn.range = 8.0 : f64} : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  return %s : tensor<1x4xf32>
}

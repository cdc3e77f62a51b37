// Tests that a normalization that ends in a result has as many bits below what is read as a row has, so that gamma is no coarser.
// RUN: mpcc-opt %s -nn-to-mpc | FileCheck %s

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: @mean
// CHECK: mpc.product {{.*}} const {{.*}} -> !mpc.add<1x3x2, 56>
// CHECK: mpc.lift {{.*}} 30> -> !mpc.rss<1x3x2, 45>
func.func @mean(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  %g = nn.constant dense<0.1> : tensor<2xf32> : tensor<2xf32>
  %b = nn.constant dense<0.0> : tensor<2xf32> : tensor<2xf32>
  %n = nn.layer_norm %a, %g, %b {epsilon = 1.0e-5 : f64, nn.range = 0.2 : f64} : (tensor<1x3x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %n, %m {nn.range = 0.2 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  return %p : tensor<1x2xf32>
}

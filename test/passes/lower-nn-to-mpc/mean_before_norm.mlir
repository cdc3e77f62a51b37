// Tests that a mean before a LayerNorm is one of rows, whose terms may reach further than the mean does.
// RUN: mpcc-opt %s -nn-to-mpc | FileCheck %s

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!q = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: @f
// CHECK: mpc.lift {{.*}} 16> -> !mpc.rss<1x3x4, 31>
// CHECK: mpc.lift {{.*}} 17> -> !mpc.rss<1x4,
func.func @f(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1], [1, 1, -1, 1], [-1, 1, 1, 1], [1, -1, 1, -1]]> : tensor<4x4xi8> : !w
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x3x4xf32>
  %p = nn.mean_pool %a, %m {nn.range = 1.0 : f64} : (tensor<1x3x4xf32>, tensor<1x3xf32>) -> tensor<1x4xf32>
  %g = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %n = nn.layer_norm %p, %g, %g {epsilon = 1.0e-5 : f64, nn.range = 2.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %r = nn.quantize %n : tensor<1x4xf32> -> !q
  %y = nn.linear %r, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

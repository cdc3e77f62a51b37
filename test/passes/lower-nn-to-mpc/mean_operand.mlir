// Tests that what reads a mean holds its terms.
// RUN: mpcc-opt %s -nn-to-mpc | FileCheck %s

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// Terms reach far beyond their mean: the layer behind it reads it in steps that hold them.
// CHECK-LABEL: @f
// CHECK: mpc.lift {{.*}} 30> -> !mpc.rss<1x3x2, 41>
func.func @f(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {nn.range = 12.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 1.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %v = nn.constant dense<[[1.0, -0.5], [0.25, 1.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %y = nn.linear %p, %v {nn.range = 2.0 : f64} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// What a quantizer of the mean holds says little of its terms: they may reach 16 times as far as its index.
// CHECK-LABEL: @quantized
// CHECK: mpc.matmul {{.*}} -> !mpc.add<1x1x2, 41>
func.func @quantized(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {nn.range = 60.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 1.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %r = nn.quantize %p : tensor<1x2xf32> -> tensor<1x2x!quant.uniform<i8:f32, 0.01>>
  %v = nn.constant dense<[[100, -50], [25, 100]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32, 0.01>>
  %y = nn.linear %r, %v {nn.range = 2.0 : f64} : (tensor<1x2x!quant.uniform<i8:f32, 0.01>>, tensor<2x2x!quant.uniform<i8:f32, 0.01>>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

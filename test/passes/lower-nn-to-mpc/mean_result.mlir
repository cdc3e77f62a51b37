// Tests that a mean over the tokens of the mask can be a result, and how large its terms may be.
// RUN: mpcc-opt %s -split-input-file -verify-diagnostics -nn-to-mpc -o %t
// RUN: FileCheck %s < %t

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: @f
// CHECK: mpc.lift {{.*}} 30> -> !mpc.rss<1x3x2, 45>
// CHECK: mpc.reveal {{.*}} {fraction_bits = 16 : i64}
func.func @f(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 4.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  return %p : tensor<1x2xf32>
}

// -----

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

func.func @large(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %a = nn.linear %q, %w {nn.range = 15000.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  // expected-error@+1 {{means of values that reach 18750 with their margin; accepted: values up to 16384 in this place}}
  %p = nn.mean_pool %a, %m {nn.range = 15000.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  return %p : tensor<1x2xf32>
}

// -----

func.func @scaled(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x3x2xf32>
  // expected-error@+1 {{means of values that reach 37500 with their margin}}
  %p = nn.mean_pool %a, %m {nn.range = 4.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %c = nn.constant dense<[16.0, 7500.0]> : tensor<2xf32> : tensor<2xf32>
  %z = nn.binary mul %p, %c {nn.range = 20000.0 : f64} : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %z : tensor<1x2xf32>
}

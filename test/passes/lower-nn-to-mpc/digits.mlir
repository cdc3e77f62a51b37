// Tests that results are revealed to the digits that are asked for, in one exact read, and else with all bits of their ring.
// RUN: mpcc-opt %s -split-input-file -nn-to-mpc | FileCheck %s

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// A layer, its function by a table of that unit, a sum of what is computed, all bits.
// CHECK-LABEL: @values
func.func @values(%x: tensor<1x4xf32> {nn.owner = "data"}) -> (tensor<1x4xf32> {nn.digits = 3 : i64}, tensor<1x4xf32> {nn.digits = 0 : i64}, tensor<1x4xf32> {nn.digits = 2 : i64}, tensor<1x4xf32>) {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1], [1, 1, -1, 1], [-1, 1, 1, 1], [1, 1, 1, -1]]> : tensor<4x4xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %h = nn.unary tanh %y {nn.range = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %s = nn.binary add %h, %y {nn.range = 5.0 : f64} : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  // CHECK: %[[LAYER:.*]] = mpc.linear {{.*}} -> !mpc.add<1x4, 32>
  // CHECK-NEXT: %[[HALF:.*]] = mpc.add_public %[[LAYER]], 8192
  // CHECK-NEXT: %[[Y:.*]] = mpc.truncate %[[HALF]] : !mpc.add<1x4, 32> -> !mpc.add<1x4, 18>
  // CHECK: mpc.reveal %[[Y]] {fraction_bits = 10 : i64} : !mpc.add<1x4, 18>
  // CHECK: %[[H:.*]] = mpc.lut {{.*}} -> !mpc.add<1x4, 8>
  // CHECK: mpc.reveal %[[H]] {fraction_bits = 0 : i64} : !mpc.add<1x4, 8>
  // CHECK: mpc.add {{.*}} -> !mpc.add<1x4, 32>
  // CHECK: mpc.truncate {{.*}} : !mpc.add<1x4, 32> -> !mpc.add<1x4, 15>
  // CHECK: mpc.reveal {{.*}} {fraction_bits = 7 : i64} : !mpc.add<1x4, 15>
  // CHECK: mpc.reveal {{.*}} {fraction_bits = 24 : i64} : !mpc.add<1x4, 32>
  return %y, %h, %s, %y : tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

!x = tensor<1x3x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// Means, normalized rows and vectors of length one are read once in any case: in fewer bits.
// CHECK-LABEL: @rows
// CHECK: mpc.truncate {{.*}} 45> -> !mpc.add<1x2, 23>
// CHECK-NEXT: mpc.reveal {{.*}} {fraction_bits = 7 : i64}
// CHECK: mpc.truncate {{.*}} 56> -> !mpc.add<1x3x2, 18>
// CHECK-NEXT: mpc.reveal {{.*}} {fraction_bits = 10 : i64}
// CHECK: mpc.truncate {{.*}} -> !mpc.add<1x3x2, 6>
// CHECK-NEXT: mpc.reveal {{.*}} {fraction_bits = 4 : i64}
func.func @rows(%x: tensor<1x3x4xf32> {nn.owner = "data"}, %m: tensor<1x3xf32> {nn.owner = "data"}) -> (tensor<1x2xf32> {nn.digits = 2 : i64}, tensor<1x3x2xf32> {nn.digits = 3 : i64}, tensor<1x3x2xf32> {nn.digits = 1 : i64}) {
  %q = nn.quantize %x : tensor<1x3x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %g = nn.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x3x2xf32>
  %p = nn.mean_pool %a, %m {nn.range = 4.0 : f64} : (tensor<1x3x2xf32>, tensor<1x3xf32>) -> tensor<1x2xf32>
  %n = nn.layer_norm %a, %g, %g {epsilon = 1.0e-5 : f64, nn.range = 2.0 : f64} : (tensor<1x3x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32>
  %u = nn.l2_normalize %a {epsilon = 1.0e-12 : f64, nn.range = 1.0 : f64} : (tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  return %p, %n, %u : tensor<1x2xf32>, tensor<1x3x2xf32>, tensor<1x3x2xf32>
}

// Tests that what P1 computes with huge constants and logarithms may meet secret values where it is finite.
// RUN: mpcc-opt %s -verify-canonical-nn | FileCheck %s

// CHECK-LABEL: @clipped
func.func @clipped(%x: tensor<2x2xf32>, %mask: tensor<2xf32> {nn.owner = "data", nn.role = "mask"}) -> tensor<2x2xf32> {
  %low = nn.constant public dense<-3.0e38> : tensor<f32> : tensor<f32>
  %end = nn.constant public dense<-20.0> : tensor<f32> : tensor<f32>
  %summand = nn.binary mul %mask, %low : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %clipped = nn.binary max %summand, %end : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %a = nn.binary add %x, %clipped : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %a : tensor<2x2xf32>
}

// CHECK-LABEL: @logarithms
func.func @logarithms(%x: tensor<2x2xf32>, %ids: tensor<2xi64> {nn.owner = "data", nn.role = "ids"}) -> tensor<2x2xf32> {
  %one = nn.constant public dense<1.0> : tensor<f32> : tensor<f32>
  %table = nn.constant public dense<0.5> : tensor<4x2xf32> : tensor<4x2xf32>
  %real = nn.unary cast %ids : tensor<2xi64> -> tensor<2xf32>
  %more = nn.binary add %real, %one : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %log = nn.unary log %more : tensor<2xf32> -> tensor<2xf32>
  %a = nn.binary add %x, %log : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %zero_log = nn.unary log %real : tensor<2xf32> -> tensor<2xf32>
  %bucket = nn.unary cast %zero_log : tensor<2xf32> -> tensor<2xi64>
  %row = nn.gather %table, %bucket : (tensor<4x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  %b = nn.binary add %a, %row : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %b : tensor<2x2xf32>
}

// What is chosen where a finite number is infinity.
// CHECK-LABEL: @never_chosen
func.func @never_chosen(%x: tensor<2xf32>, %mask: tensor<2xf32> {nn.owner = "data", nn.role = "mask"}) -> tensor<2xf32> {
  %inf = nn.constant public dense<0x7F800000> : tensor<f32> : tensor<f32>
  %most = nn.constant public dense<3.0e38> : tensor<2xf32> : tensor<2xf32>
  %is = nn.binary equal %mask, %inf : (tensor<2xf32>, tensor<f32>) -> tensor<2xi1>
  %held = nn.select %is, %most, %mask : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %a = nn.binary add %x, %held : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %a : tensor<2xf32>
}

// What is shared has no numbers of its own.
// CHECK-LABEL: @shared
func.func @shared(%p: tensor<4xi8> {nn.owner = "data"}) {
  // CHECK: mpc.input_local
  %a = mpc.input_local %p : tensor<4xi8> -> !mpc.add<4, 8>
  return
}

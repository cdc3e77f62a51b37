// Tests that every operation parses and prints as itself.
// RUN: mpcc-opt %s | mpcc-opt | FileCheck %s

!q = !quant.uniform<i8<-8:7>:f32, 5.000000e-01>
!u = !quant.uniform<u8:f32, 2.500000e-01:128>
!c = !quant.uniform<i8:f32:1, {5.000000e-01,2.000000e+00}>

// CHECK-LABEL: @products
func.func @products(%x: tensor<2x3xf32>, %y: tensor<2x3x!u>, %b: tensor<2xf32>) -> tensor<2x2xf32> {
  // CHECK: %[[Q:.*]] = nn.quantize %arg0 : tensor<2x3xf32> -> tensor<2x3x!quant.uniform<i8<-8:7>:f32, 5.000000e-01>>
  %q = nn.quantize %x : tensor<2x3xf32> -> tensor<2x3x!q>
  // CHECK: nn.dequantize %arg1 : tensor<2x3x!quant.uniform<u8:f32, 2.500000e-01:128>> -> tensor<2x3xf32>
  %d = nn.dequantize %y : tensor<2x3x!u> -> tensor<2x3xf32>
  // CHECK: %[[W:.*]] = nn.constant dense<{{.*}}> : tensor<3x2xi8> : tensor<3x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.000000e+00}>>
  %w = nn.constant dense<[[1, 2], [3, 4], [5, -6]]> : tensor<3x2xi8> : tensor<3x2x!c>
  // CHECK: nn.linear %[[Q]], %[[W]] : (
  %0 = nn.linear %q, %w : (tensor<2x3x!q>, tensor<3x2x!c>) -> tensor<2x2xf32>
  // CHECK: nn.linear %[[Q]], %[[W]], %arg2 : (
  %1 = nn.linear %q, %w, %b : (tensor<2x3x!q>, tensor<3x2x!c>, tensor<2xf32>) -> tensor<2x2xf32>
  // CHECK: nn.matmul %[[Q]], %arg1 {transpose_b} : (
  %2 = nn.matmul %q, %y {transpose_b} : (tensor<2x3x!q>, tensor<2x3x!u>) -> tensor<2x2xf32>
  // CHECK: nn.matmul %{{.*}}, %arg0 : (tensor<2x2xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = nn.matmul %2, %x : (tensor<2x2xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x2xf32>
}

// CHECK-LABEL: @elementwise
func.func @elementwise(%x: tensor<2x3xf32>, %ids: tensor<2x3xi64>) -> tensor<2x3xf32> {
  // CHECK: %[[Z:.*]] = nn.constant public dense<0> : tensor<i64> : tensor<i64>
  %z = nn.constant public dense<0> : tensor<i64> : tensor<i64>
  // CHECK: %[[C:.*]] = nn.binary equal %arg1, %[[Z]] : (tensor<2x3xi64>, tensor<i64>) -> tensor<2x3xi1>
  %c = nn.binary equal %ids, %z : (tensor<2x3xi64>, tensor<i64>) -> tensor<2x3xi1>
  // CHECK: %[[G:.*]] = nn.unary gelu_tanh %arg0 {nn.range = 2.500000e+00 : f64} :
  %g = nn.unary gelu_tanh %x {nn.range = 2.5 : f64} : tensor<2x3xf32> -> tensor<2x3xf32>
  // CHECK: nn.select %[[C]], %[[G]], %arg0 : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %s = nn.select %c, %g, %x : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: nn.unary cast %arg1 : tensor<2x3xi64> -> tensor<2x3xf32>
  %f = nn.unary cast %ids : tensor<2x3xi64> -> tensor<2x3xf32>
  return %s : tensor<2x3xf32>
}

// CHECK-LABEL: @rows
func.func @rows(%x: tensor<1x2x3xf32>, %mask: tensor<1x2xf32>, %g: tensor<3xf32>) -> tensor<1x3xf32> {
  // CHECK: nn.reduce mean %arg0 [1, 2] : tensor<1x2x3xf32> -> tensor<1x1x1xf32>
  %0 = nn.reduce mean %x [1, 2] : tensor<1x2x3xf32> -> tensor<1x1x1xf32>
  // CHECK: nn.softmax %arg0 : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %1 = nn.softmax %x : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  // CHECK: nn.softmax %arg0 mask %arg2 : (tensor<1x2x3xf32>, tensor<3xf32>)
  %2 = nn.softmax %x mask %g : (tensor<1x2x3xf32>, tensor<3xf32>) -> tensor<1x2x3xf32>
  // CHECK: nn.layer_norm %arg0, %arg2, %arg2 {epsilon = 1.000000e-05 : f64} :
  %3 = nn.layer_norm %x, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<1x2x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x2x3xf32>
  // CHECK: %[[V:.*]] = nn.variance %arg0 : tensor<1x2x3xf32> -> tensor<1x2x1xf32>
  %v = nn.variance %x : tensor<1x2x3xf32> -> tensor<1x2x1xf32>
  // CHECK: nn.standardize %arg0, %[[V]] : (tensor<1x2x3xf32>, tensor<1x2x1xf32>) -> tensor<1x2x3xf32>
  %s = nn.standardize %x, %v : (tensor<1x2x3xf32>, tensor<1x2x1xf32>) -> tensor<1x2x3xf32>
  // CHECK: %[[P:.*]] = nn.mean_pool %arg0, %arg1 : (tensor<1x2x3xf32>, tensor<1x2xf32>) -> tensor<1x3xf32>
  %4 = nn.mean_pool %x, %mask : (tensor<1x2x3xf32>, tensor<1x2xf32>) -> tensor<1x3xf32>
  // CHECK: nn.l2_normalize %[[P]] {epsilon = 9.9999999999999998E-13 : f64} :
  %5 = nn.l2_normalize %4 {epsilon = 1.0e-12 : f64} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return %5 : tensor<1x3xf32>
}

// CHECK-LABEL: @layout
func.func @layout(%x: tensor<2x3x!q>, %ids: tensor<4xi64>) -> tensor<2x4x3x!q> {
  // CHECK: nn.transpose %arg0 [1, 0] :
  %0 = nn.transpose %x [1, 0] : tensor<2x3x!q> -> tensor<3x2x!q>
  // CHECK: nn.gather %arg0, %arg1 :
  %1 = nn.gather %x, %ids : (tensor<2x3x!q>, tensor<4xi64>) -> tensor<4x3x!q>
  // CHECK: nn.slice %{{.*}} [2, 0] :
  %2 = nn.slice %1 [2, 0] : tensor<4x3x!q> -> tensor<2x3x!q>
  // CHECK: nn.concat %arg0, %{{.*}} {axis = 0 : i64} :
  %3 = nn.concat %x, %2 {axis = 0 : i64} : (tensor<2x3x!q>, tensor<2x3x!q>) -> tensor<4x3x!q>
  // CHECK: nn.reshape %{{.*}} : tensor<4x3x!quant{{.*}}> -> tensor<1x4x3x!quant
  %4 = nn.reshape %3 : tensor<4x3x!q> -> tensor<1x4x3x!q>
  // CHECK: nn.broadcast %{{.*}} : tensor<1x4x3x!quant{{.*}}> -> tensor<2x4x3x!quant
  %5 = nn.broadcast %4 : tensor<1x4x3x!q> -> tensor<2x4x3x!q>
  return %5 : tensor<2x4x3x!q>
}

// CHECK-LABEL: @map
func.func @map(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: nn.map %arg0 {
  // CHECK-NEXT: ^bb0(%[[V:.*]]: tensor<f32>):
  // CHECK-NEXT: %[[T:.*]] = nn.unary tanh %[[V]] : tensor<f32> -> tensor<f32>
  // CHECK-NEXT: nn.yield %[[T]] : tensor<f32>
  // CHECK-NEXT: } : tensor<2x3xf32> -> tensor<2x3xf32>
  %y = nn.map %x {
  ^bb0(%v: tensor<f32>):
    %t = nn.unary tanh %v : tensor<f32> -> tensor<f32>
    nn.yield %t : tensor<f32>
  } : tensor<2x3xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

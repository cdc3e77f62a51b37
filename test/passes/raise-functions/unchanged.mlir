// RUN: mpcc-opt %s -raise-functions -cse | FileCheck %s --implicit-check-not=nn.map

// Tests that affine functions need no table.
// CHECK-LABEL: @affine
func.func @affine(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a = nn.constant dense<0.125> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %a : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %t = nn.binary sub %x, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %y = nn.binary add %t, %a : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that one function that the lowering knows stays, between affine steps and quantizers.
// CHECK-LABEL: @known
// CHECK: nn.unary tanh
func.func @known(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a = nn.constant dense<0.125> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %a : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %q = nn.quantize %s : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i8:f32, 0.25>> -> tensor<4xf32>
  %t = nn.unary tanh %d : tensor<4xf32> -> tensor<4xf32>
  %y = nn.binary div %t, %a : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Tests that functions of two values, of columns, and of what the data owner computes stay.
// CHECK-LABEL: @others
// CHECK: nn.binary mul %arg0, %arg1
// CHECK: nn.binary pow %arg0
// CHECK: nn.binary mul %arg2, %arg2
func.func @others(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32> {nn.owner = "data"}) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %row = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %a = nn.binary mul %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b = nn.binary pow %x, %row : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %c = nn.binary mul %z, %z : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %a, %b, %c : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

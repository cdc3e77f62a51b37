// Tests that a quantizer before a function which no private run rounds with belongs to the function: with the paper's lowering, and one of more than 'rounded-bits'.
// RUN: mpcc-opt %s -raise-functions | FileCheck %s --check-prefix STEPS
// RUN: mpcc-opt %s -set-policy=policy=rounded-bits=4 -raise-functions | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=lowering=paper -raise-functions | FileCheck %s

// STEPS-LABEL: @pieces
// STEPS: %[[Q:.*]] = nn.quantize %arg0
// STEPS: %[[D:.*]] = nn.dequantize %[[Q]]
// STEPS: nn.map %[[D]]
// CHECK-LABEL: @pieces
// CHECK: nn.map %arg0 {
// CHECK-NEXT: bb0
// CHECK-NEXT: nn.quantize
func.func @pieces(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i8:f32, 0.25>> -> tensor<4xf32>
  %e = nn.unary erf %d : tensor<4xf32> -> tensor<4xf32>
  %y = nn.binary mul %d, %e : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// STEPS-LABEL: @one
// STEPS-NOT: nn.map
// CHECK-LABEL: @one
// CHECK: nn.map %arg0 {
// CHECK-NEXT: bb0
// CHECK-NEXT: nn.quantize
func.func @one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = nn.quantize %x : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  %d = nn.dequantize %q : tensor<4x!quant.uniform<i8:f32, 0.25>> -> tensor<4xf32>
  %y = nn.unary tanh %d : tensor<4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

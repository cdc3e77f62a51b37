// Tests that composites are found when quantizers that do not round stand between their steps: these are left out.
// RUN: mpcc-opt %s -set-policy=policy=rounded-bits=0 -canonicalize-quantization -raise-composites -cse | FileCheck %s

// CHECK-LABEL: @layer_norm
// CHECK: nn.layer_norm
// CHECK-NEXT: return
func.func @layer_norm(%x: tensor<1x3x4xf32>) -> tensor<1x3x4xf32> {
  %v1 = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %v2 = nn.constant dense<1.0e-5> : tensor<f32> : tensor<f32>
  %v3 = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %v4 = nn.constant dense<[2.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
  %v5 = nn.quantize %x : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v6 = nn.dequantize %v5 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v7 = nn.reduce mean %v6 [2] : tensor<1x3x4xf32> -> tensor<1x3x1xf32>
  %v8 = nn.quantize %v7 : tensor<1x3x1xf32> -> tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>>
  %v9 = nn.dequantize %v8 : tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x1xf32>
  %v10 = nn.binary sub %v6, %v9 : (tensor<1x3x4xf32>, tensor<1x3x1xf32>) -> tensor<1x3x4xf32>
  %v11 = nn.quantize %v10 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v12 = nn.dequantize %v11 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v13 = nn.binary pow %v12, %v1 : (tensor<1x3x4xf32>, tensor<f32>) -> tensor<1x3x4xf32>
  %v14 = nn.quantize %v13 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v15 = nn.dequantize %v14 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v16 = nn.reduce mean %v15 [2] : tensor<1x3x4xf32> -> tensor<1x3x1xf32>
  %v17 = nn.quantize %v16 : tensor<1x3x1xf32> -> tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>>
  %v18 = nn.dequantize %v17 : tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x1xf32>
  %v19 = nn.binary add %v18, %v2 : (tensor<1x3x1xf32>, tensor<f32>) -> tensor<1x3x1xf32>
  %v20 = nn.quantize %v19 : tensor<1x3x1xf32> -> tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>>
  %v21 = nn.dequantize %v20 : tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x1xf32>
  %v22 = nn.unary sqrt %v21 : tensor<1x3x1xf32> -> tensor<1x3x1xf32>
  %v23 = nn.quantize %v22 : tensor<1x3x1xf32> -> tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>>
  %v24 = nn.dequantize %v23 : tensor<1x3x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x1xf32>
  %v25 = nn.binary div %v12, %v24 : (tensor<1x3x4xf32>, tensor<1x3x1xf32>) -> tensor<1x3x4xf32>
  %v26 = nn.quantize %v25 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v27 = nn.dequantize %v26 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v28 = nn.binary mul %v27, %v3 : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  %v29 = nn.quantize %v28 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v30 = nn.dequantize %v29 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v31 = nn.binary add %v30, %v4 : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  return %v31 : tensor<1x3x4xf32>
}

// CHECK-LABEL: @l2
// CHECK: nn.l2_normalize
// CHECK-NEXT: return
func.func @l2(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %v1 = nn.constant dense<1.0e-12> : tensor<f32> : tensor<f32>
  %v2 = nn.quantize %x : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8:f32, 0.5:3>>
  %v3 = nn.dequantize %v2 : tensor<2x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<2x4xf32>
  %v4 = nn.reduce l2 %v3 [1] : tensor<2x4xf32> -> tensor<2x1xf32>
  %v5 = nn.quantize %v4 : tensor<2x1xf32> -> tensor<2x1x!quant.uniform<i8:f32, 0.5:3>>
  %v6 = nn.dequantize %v5 : tensor<2x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<2x1xf32>
  %v7 = nn.binary max %v6, %v1 : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %v8 = nn.quantize %v7 : tensor<2x1xf32> -> tensor<2x1x!quant.uniform<i8:f32, 0.5:3>>
  %v9 = nn.dequantize %v8 : tensor<2x1x!quant.uniform<i8:f32, 0.5:3>> -> tensor<2x1xf32>
  %v10 = nn.broadcast %v9 : tensor<2x1xf32> -> tensor<2x4xf32>
  %v11 = nn.quantize %v10 : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8:f32, 0.5:3>>
  %v12 = nn.dequantize %v11 : tensor<2x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<2x4xf32>
  %v13 = nn.binary div %v3, %v12 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %v13 : tensor<2x4xf32>
}

// CHECK-LABEL: @mean_pool
// CHECK: nn.mean_pool
func.func @mean_pool(%x: tensor<1x3x4xf32>, %k: tensor<1x3xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %v1 = nn.constant public dense<1.0e-9> : tensor<f32> : tensor<f32>
  %v2 = nn.quantize %x : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v3 = nn.dequantize %v2 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v4 = nn.reshape %k : tensor<1x3xf32> -> tensor<1x3x1xf32>
  %v5 = nn.broadcast %v4 : tensor<1x3x1xf32> -> tensor<1x3x4xf32>
  %v6 = nn.quantize %v5 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.00390625>>
  %v7 = nn.dequantize %v6 : tensor<1x3x4x!quant.uniform<i8:f32, 0.00390625>> -> tensor<1x3x4xf32>
  %v8 = nn.binary mul %v3, %v7 : (tensor<1x3x4xf32>, tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %v9 = nn.quantize %v8 : tensor<1x3x4xf32> -> tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>>
  %v10 = nn.dequantize %v9 : tensor<1x3x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x3x4xf32>
  %v11 = nn.reduce sum %v10 [1] : tensor<1x3x4xf32> -> tensor<1x1x4xf32>
  %v12 = nn.quantize %v11 : tensor<1x1x4xf32> -> tensor<1x1x4x!quant.uniform<i8:f32, 0.5:3>>
  %v13 = nn.dequantize %v12 : tensor<1x1x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x1x4xf32>
  %v14 = nn.reshape %v13 : tensor<1x1x4xf32> -> tensor<1x4xf32>
  %v15 = nn.quantize %v14 : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8:f32, 0.5:3>>
  %v16 = nn.dequantize %v15 : tensor<1x4x!quant.uniform<i8:f32, 0.5:3>> -> tensor<1x4xf32>
  %v17 = nn.reduce sum %v7 [1] : tensor<1x3x4xf32> -> tensor<1x1x4xf32>
  %v18 = nn.reshape %v17 : tensor<1x1x4xf32> -> tensor<1x4xf32>
  %v19 = nn.binary max %v18, %v1 : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  %v20 = nn.binary div %v16, %v19 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %v20 : tensor<1x4xf32>
}

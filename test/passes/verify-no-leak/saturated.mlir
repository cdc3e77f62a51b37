// Tests that a result which quantizers saturate one after another is known to move with the input: with random private factors it would hardly.
// RUN: mpcc-opt %s -nn-to-mpc -mpc-to-rounds -rounds-to-programs -o %t

!x = tensor<16x4x!quant.uniform<i8:f32, 0.05>>
!a = tensor<16x4x!quant.uniform<i8:f32, 0.021:18>>
!b = tensor<16x4x!quant.uniform<i8:f32, 0.022:17>>
!c = tensor<16x4x!quant.uniform<i8:f32, 0.023:16>>
!d = tensor<16x4x!quant.uniform<i8:f32, 0.024:15>>
!e = tensor<16x4x!quant.uniform<i8:f32, 0.025:14>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.01>>

func.func @main(%x: tensor<16x4xf32> {nn.owner = "data", nn.name = "x"}) -> (tensor<16x4xf32> {nn.name = "y"}) {
  %w = nn.constant dense<[[10, -7, 3, 1], [4, 9, -5, 2], [-8, 3, 20, 6], [1, 2, 3, 40]]> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<16x4xf32> -> !x
  %h = nn.linear %q, %w {nn.range = 2.0 : f64} : (!x, !w) -> tensor<16x4xf32>
  %a = nn.quantize %h : tensor<16x4xf32> -> !a
  %ar = nn.dequantize %a : !a -> tensor<16x4xf32>
  %b = nn.quantize %ar : tensor<16x4xf32> -> !b
  %br = nn.dequantize %b : !b -> tensor<16x4xf32>
  %c = nn.quantize %br : tensor<16x4xf32> -> !c
  %cr = nn.dequantize %c : !c -> tensor<16x4xf32>
  %d = nn.quantize %cr : tensor<16x4xf32> -> !d
  %dr = nn.dequantize %d : !d -> tensor<16x4xf32>
  %e = nn.quantize %dr : tensor<16x4xf32> -> !e
  %er = nn.dequantize %e : !e -> tensor<16x4xf32>
  return %er : tensor<16x4xf32>
}

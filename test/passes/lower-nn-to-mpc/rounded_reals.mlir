// Tests that a quantizer whose result is read as a real rounds and clips as the file says, however it is read.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01 --seed 1
// RUN: mpcc-opt %s -nn-to-mpc=policy=rounded-bits=0 -o %t.real
// RUN: not mpcc-run %t.real --compare %s --quiet --tolerance 0.01 --seed 1

!x = tensor<4x4x!quant.uniform<i8:f32, 0.03:7>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.531>>
!c = tensor<4x4x!quant.uniform<i8:f32, 0.37:-11>>
!d = tensor<4x4x!quant.uniform<u8:f32, 0.0113:100>>
!r = tensor<4x4x!quant.uniform<u8:f32, 0.211>>
func.func @main(%x: tensor<4x4xf32> {nn.owner = "data"}) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %qx = nn.quantize %x : tensor<4x4xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1], [1, 1, -1, 1], [-1, 1, 1, 1], [1, 1, 1, -1]]> : tensor<4x4xi8> : !w
  %b = nn.constant dense<[0.021, -0.33, 0.127, 0.4]> : tensor<4xf32> : tensor<4xf32>
  %y = nn.linear %qx, %w, %b {nn.range = 9.0 : f64} : (!x, !w, tensor<4xf32>) -> tensor<4x4xf32>

  // As a result, and behind a zero that is the lower end.
  %qc = nn.quantize %y : tensor<4x4xf32> -> !c
  %c = nn.dequantize %qc {nn.range = 9.0 : f64} : !c -> tensor<4x4xf32>
  %relu = nn.unary relu %y {nn.range = 9.0 : f64} : tensor<4x4xf32> -> tensor<4x4xf32>
  %qr = nn.quantize %relu : tensor<4x4xf32> -> !r
  %r = nn.dequantize %qr {nn.range = 9.0 : f64} : !r -> tensor<4x4xf32>

  // In a sum, clipped and moved.
  %qd = nn.quantize %y : tensor<4x4xf32> -> !d
  %t = nn.transpose %qd [1, 0] : !d -> !d
  %d = nn.dequantize %t {nn.range = 2.0 : f64} : !d -> tensor<4x4xf32>
  %sum = nn.binary add %c, %d {nn.range = 9.0 : f64} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>

  // By column.
  %f = nn.constant dense<[0.31, -1.7, 0.93, 2.0]> : tensor<4xf32> : tensor<4xf32>
  %scaled = nn.binary mul %c, %f {nn.range = 18.0 : f64} : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>

  // Behind a function.
  %h = nn.unary tanh %y {nn.range = 1.0 : f64} : tensor<4x4xf32> -> tensor<4x4xf32>
  %qh = nn.quantize %h : tensor<4x4xf32> -> !c
  %g = nn.dequantize %qh {nn.range = 1.0 : f64} : !c -> tensor<4x4xf32>
  return %c, %r, %sum, %scaled, %g : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}

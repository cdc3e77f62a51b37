// Tests that rows of whole steps are standardized by what quantizers round their variance to, as in the file: rows whose variance is rounded to zero, which are divided by zero, rows of one number, and rows beyond the variance's own end.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.002 --seed 1
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.002 --seed 2
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.002 --inputs '{"arg0": [0, 0, 0, 0, 0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0, 3, -3, 2.5, 1, -2, 3.3, 0.4, -3, 0.3, -0.3, 0.2, 0.1, -0.2, 0.1, 0.4, -0.3]}'

!x = tensor<4x8x!quant.uniform<i8:f32, 0.03:7>>
!w = tensor<8x8x!quant.uniform<i8<-1:1>:f32, 0.531>>
!h = tensor<4x8x!quant.uniform<i8:f32, 0.051:-11>>
!v = tensor<4x1x!quant.uniform<u8:f32, 0.0083>>
!e = tensor<!quant.uniform<i8:f32, 0.0091:-128>>
!n = tensor<4x8x!quant.uniform<i8:f32, 0.021:13>>
func.func @main(%x: tensor<4x8xf32> {nn.owner = "data"}) -> (tensor<4x1xf32>, tensor<4x8xf32>) {
  %qx = nn.quantize %x : tensor<4x8xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1, 1, 1, -1, 1], [1, 1, -1, 1, -1, 1, 1, 1], [-1, 1, 1, 1, 1, 1, 1, -1], [1, 1, 1, -1, -1, -1, 1, 1], [1, 1, -1, 1, -1, -1, -1, 1], [-1, 1, -1, 1, 1, -1, 1, 1], [1, 1, 1, 1, 1, -1, -1, -1], [1, -1, -1, 1, 1, 1, 1, 1]]> : tensor<8x8xi8> : !w
  %b = nn.constant dense<0.021> : tensor<8xf32> : tensor<8xf32>
  %y = nn.linear %qx, %w, %b {nn.range = 6.0 : f64} : (!x, !w, tensor<8xf32>) -> tensor<4x8xf32>
  %qh = nn.quantize %y : tensor<4x8xf32> -> !h
  %h = nn.dequantize %qh : !h -> tensor<4x8xf32>
  %v = nn.variance %h : tensor<4x8xf32> -> tensor<4x1xf32>
  %qv = nn.quantize %v : tensor<4x1xf32> -> !v
  %dv = nn.dequantize %qv : !v -> tensor<4x1xf32>
  %f = nn.map %dv {
  ^bb0(%number: tensor<f32>):
    %eps = nn.constant dense<0.00001> : tensor<f32> : tensor<f32>
    %sum = nn.binary add %number, %eps : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %qe = nn.quantize %sum : tensor<f32> -> !e
    %e = nn.dequantize %qe : !e -> tensor<f32>
    %root = nn.unary sqrt %e : tensor<f32> -> tensor<f32>
    %inverse = nn.unary reciprocal %root : tensor<f32> -> tensor<f32>
    nn.yield %inverse : tensor<f32>
  } : tensor<4x1xf32> -> tensor<4x1xf32>
  %n = nn.standardize %h, %f {nn.range = 4.0 : f64} : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %qn = nn.quantize %n : tensor<4x8xf32> -> !n
  %dn = nn.dequantize %qn {nn.range = 3.0 : f64} : !n -> tensor<4x8xf32>
  return %dv, %dn : tensor<4x1xf32>, tensor<4x8xf32>
}

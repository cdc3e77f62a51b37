// Tests that a value asked for in two ways, once with any unit and once with one, is exact where that is needed, whichever comes first.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 1.01

!q = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.00185546875>>
!s = tensor<1x2x!quant.uniform<i8<-8:7>:f32, 1.0>>
!t = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 1.0>>
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data"}) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %n = nn.unary neg %x {nn.range = 4.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %q = nn.quantize %n : tensor<1x4xf32> -> !q
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %b = nn.constant dense<[5.5, 6.6]> : tensor<2xf32> : tensor<2xf32>
  %a = nn.linear %q, %w, %b {nn.range = 8.0 : f64} : (!q, !w, tensor<2xf32>) -> tensor<1x2xf32>
  %qa = nn.quantize %a : tensor<1x2xf32> -> !s
  %v = nn.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %o = nn.linear %qa, %v {nn.range = 8.0 : f64} : (!s, tensor<2x2xf32>) -> tensor<1x2xf32>
  %c = nn.concat %a, %a {axis = 1 : i64, nn.range = 8.0 : f64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  %qc = nn.quantize %c : tensor<1x4xf32> -> !t
  %u = nn.constant dense<[[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]> : tensor<4x2xf32> : tensor<4x2xf32>
  %p = nn.linear %qc, %u {nn.range = 8.0 : f64} : (!t, tensor<4x2xf32>) -> tensor<1x2xf32>
  return %o, %p : tensor<1x2xf32>, tensor<1x2xf32>
}

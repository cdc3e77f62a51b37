// Tests that a result to some digits is the result, rounded to the nearest: of all bits that is half a step, 2^-8, away at most.
// RUN: mpcc-opt %s -nn-to-mpc -o %t
// RUN: mpcc-opt %s -nn-to-mpc -mpc-to-rounds -o %t.rounds
// RUN: mpcc-run %t.rounds --compare %t --quiet --tolerance 0 --seed 1
// RUN: sed 's/, nn.digits = 2 : i64//g' %s > %t.all.mlir
// RUN: mpcc-opt %t.all.mlir -nn-to-mpc -o %t.all
// RUN: mpcc-run %t --compare %t.all --quiet --tolerance 0.00391 --seed 1
// RUN: not mpcc-run %t --compare %t.all --quiet --tolerance 0.002 --seed 1

!x = tensor<8x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.253>>

func.func @main(%x: tensor<8x4xf32> {nn.owner = "data"}) -> (tensor<8x4xf32> {nn.name = "a", nn.digits = 2 : i64}, tensor<8x4xf32> {nn.name = "b", nn.digits = 2 : i64}, tensor<8x4xf32> {nn.name = "c", nn.digits = 2 : i64}, tensor<8x4xf32> {nn.name = "d", nn.digits = 2 : i64}) {
  %q = nn.quantize %x : tensor<8x4xf32> -> !x
  %w = nn.constant dense<[[1, -1, 1, 1], [1, 1, -1, 1], [-1, 1, 1, 1], [1, 1, 1, -1]]> : tensor<4x4xi8> : !w
  %b = nn.constant dense<[0.021, -0.33, 0.127, 0.4]> : tensor<4xf32> : tensor<4xf32>
  %y = nn.linear %q, %w, %b {nn.range = 6.0 : f64} : (!x, !w, tensor<4xf32>) -> tensor<8x4xf32>
  %h = nn.unary tanh %y {nn.range = 1.0 : f64} : tensor<8x4xf32> -> tensor<8x4xf32>
  %s = nn.binary sub %h, %y {nn.range = 7.0 : f64} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %n = nn.layer_norm %y, %b, %b {epsilon = 1.0e-5 : f64, nn.range = 2.0 : f64} : (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  return %y, %h, %s, %n : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// Tests that what a function by lines gives is marked for 'mpcc verify' where its quantizer reads it: beyond the index it wraps.
// RUN: mpcc-opt %s -set-policy=policy=net-dealt-bw=1000000 -choose-rings -choose-lowerings -lower-nn-to-mpc | FileCheck %s

!s = tensor<1x4x!quant.uniform<u8:f32, 0.03125:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK: mpc.marks = [{holds = 6.400000e+01 : f64, offset = 2.812500e-01 : f64, place = "quantizer", step = 0.000000e+00 : f64, unit = {{.*}}, value = 7 : i64}]
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<[[10, 0, 0, 0], [0, 10, 0, 0], [0, 0, 10, 0], [0, 0, 0, 10]]> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %f = nn.unary gelu %sum {nn.value = 7 : i64, nn.range = 4.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %q = nn.quantize %f : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

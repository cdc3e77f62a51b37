// Tests that lines which all meet at 0 are read by their slopes alone.
// RUN: mpcc-opt %s -set-policy=policy=net-dealt-bw=1000000 -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: FileCheck %s --input-file %t
// RUN: mpcc-run %t --inputs '{"x": [[3.53, -0.8, 0.31, -60.0]]}' | FileCheck %s --check-prefix=VALUES

!s = tensor<1x4x!quant.uniform<u8:f32, 0.03:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK-COUNT-1: mpc.public_lut
// CHECK-NOT: mpc.public_lut
// CHECK: mpc.dot
// VALUES: [3.5{{[0-9]*}}, 0, 0.29999{{[0-9]*}}, 0]
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<[[10, 0, 0, 0], [0, 10, 0, 0], [0, 0, 10, 0], [0, 0, 0, 10]]> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %f = nn.unary relu %sum {nn.range = 4.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %q = nn.quantize %f : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Tests that a public function before a quantizer of 8 bits is computed by lines: the same plans whatever the ranges and scales,
// values that are the quantizer's to a unit, far beyond the ranges too, and factors by column.
// RUN: mpcc-opt %s -set-policy=policy=net-dealt-bw=1000000 -choose-rings -choose-lowerings -lower-nn-to-mpc -o %t
// RUN: FileCheck %s --input-file %t
// RUN: mpcc-run %t --inputs '{"x": [[3.53, -0.8, 0.31, -60.0]]}' | FileCheck %s --check-prefix=VALUES

!s = tensor<1x4x!quant.uniform<u8:f32, 0.03:9>>
!w = tensor<4x4x!quant.uniform<i8<-127:127>:f32, 0.1>>

// CHECK: mpc.truncate {{.*}} -> !mpc.add<1x4, 19>
// CHECK: mpc.saturate {{.*}} {bits = 12 : i64, least = -64 : i64, most = 63 : i64} {{.*}} -> !mpc.add<1x4, 7>
// CHECK-DAG: mpc.lift {{.*}} -> !mpc.rss<1x4, 32>
// CHECK-DAG: mpc.public_lut {{.*}} times {{.*}} -> !mpc.add<1x4, 32>
// CHECK: mpc.dot
// CHECK: mpc.saturate {{.*}} {bits = 12 : i64, least = 0 : i64, most = 255 : i64}
// VALUES: [3.5{{[0-9]*}}, -0.26999{{[0-9]*}}, 0, 0]
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %k = nn.constant dense<[1.0, 2.0, 0.0, -1.0]> : tensor<4xf32> : tensor<4xf32>
  %w = nn.constant dense<[[10, 0, 0, 0], [0, 10, 0, 0], [0, 0, 10, 0], [0, 0, 0, 10]]> : tensor<4x4xi8> : !w
  %sum = nn.binary add %x, %c {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %f = nn.unary gelu %sum {nn.range = 4.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %m = nn.binary mul %f, %k {nn.range = 4.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %q = nn.quantize %m : tensor<1x4xf32> -> !s
  %y = nn.linear %q, %w {nn.range = 8.0 : f64} : (!s, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Tests that levels of a row are counted in the bits that number them, and scaled to steps of scores where they are opened.
// RUN: mpcc-opt %s -nn-to-mpc | FileCheck %s

// CHECK: mpc.public_lut {{.*}} -> !mpc.add<2x2, 2>
// CHECK: [[ANY:%.*]] = mpc.lut {{.*}} -> !mpc.add<{{.*}}, 6>
// CHECK: mpc.row_sum {{.*}} -> !mpc.add<{{.*}}, 6>
// CHECK: [[OPENED:%.*]] = mpc.reshare {{.*}} -> !mpc.rss<2x1, 6>
// CHECK: [[ZERO:%.*]] = mpc.mul_public [[OPENED]], 0
// CHECK: [[SIX:%.*]] = mpc.join [[ZERO]], [[OPENED]]
// CHECK: [[TWO:%.*]] = mpc.resize [[ZERO]]
// CHECK: mpc.join [[TWO]], [[SIX]] {{.*}} -> !mpc.rss<2x1, 14>
func.func @f(%x: tensor<2x4xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %q = nn.quantize %x : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<2x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<2x2xf32>
  %p = nn.softmax %a : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %s = nn.quantize %p : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8<0:15>:f32, 0.0666666>>
  %v = nn.constant dense<[[1, -1], [1, 1]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %y = nn.linear %s, %v {nn.range = 1.0 : f64} : (tensor<2x2x!quant.uniform<u8<0:15>:f32, 0.0666666>>, tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

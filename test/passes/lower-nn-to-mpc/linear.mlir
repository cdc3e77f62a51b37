// Tests that P1 shares its plaintext once, what it reads saturates, and scales vanish into integers.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc | FileCheck %s

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: @f
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  // CHECK: %[[E:.*]] = mpc.encode %arg0 {fraction_bits = 14 : i64}
  // CHECK: %[[IN:.*]] = mpc.input %[[E]] : tensor<1x4xi48> -> !mpc.rss<1x4, 48>
  // CHECK: mpc.product %[[IN]] const
  // CHECK: mpc.truncate {{.*}} -> !mpc.add<1x4, 7>
  // CHECK: %[[Q:.*]] = mpc.saturate {{.*}} {bits = 7 : i64, least = -8 : i64, most = 7 : i64} {{.*}} -> !mpc.add<1x4, 32>
  // CHECK: %[[Y:.*]] = mpc.linear %[[Q]]
  // CHECK: mpc.reveal %[[Y]] {fraction_bits = 24 : i64}
  // CHECK-NOT: nn.
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

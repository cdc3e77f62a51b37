// Tests that the policy's options say how far beyond a quantizer's ends values saturate.
// RUN: mpcc-opt %s -nn-to-mpc=policy=headroom-bits=1 | FileCheck %s --check-prefix=LITTLE
// RUN: mpcc-opt %s -nn-to-mpc=policy=headroom-bits=5 -o %t
// RUN: FileCheck %s --check-prefix=MUCH < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// LITTLE: mpc.truncate {{.*}} -> !mpc.add<1x4, 5>
// LITTLE: mpc.saturate {{.*}}bits = 5
// MUCH: mpc.truncate {{.*}} -> !mpc.add<1x4, 9>
// MUCH: mpc.saturate {{.*}}bits = 9
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

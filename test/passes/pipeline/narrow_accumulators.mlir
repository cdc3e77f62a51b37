// Tests that accumulators before few bits are narrower than others, and what that saves.
// RUN: mpcc-opt %s -mpcc-pipeline | FileCheck %s
// RUN: mpcc-opt %s -mpcc-pipeline=policy=narrow-fold-bits=9 | FileCheck %s --check-prefix=WIDE

!x = tensor<4x64x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<64x64x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 9, {{[^>]*}}bytes_p1_to_p2 = 6048, {{[^>]*}}material_bytes = 40488, setup_bytes = 23552>
// CHECK: mpc.linear {{.*}} -> !mpc.add<4x64, 14>
// WIDE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 9, {{[^>]*}}bytes_p1_to_p2 = 6368, {{[^>]*}}material_bytes = 50728, setup_bytes = 25600>
// WIDE: mpc.linear {{.*}} -> !mpc.add<4x64, 18>
func.func @f(%x: tensor<4x64xf32> {nn.owner = "data"}) -> tensor<4x64xf32> {
  %q = nn.quantize %x : tensor<4x64xf32> -> !x
  %w = nn.constant dense<1> : tensor<64x64xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x64xf32>
  %r = nn.quantize %y : tensor<4x64xf32> -> !x
  %z = nn.linear %r, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x64xf32>
  return %z : tensor<4x64xf32>
}

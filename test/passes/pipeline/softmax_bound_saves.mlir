// Tests that a public bound of scores saves material, more the lower it is, in as many rounds.
// RUN: mpcc-opt %s -mpcc-pipeline | FileCheck %s
// RUN: mpcc-opt %s -mpcc-pipeline=policy=softmax-bound=5.5 | FileCheck %s --check-prefix=BOUND
// RUN: mpcc-opt %s -mpcc-pipeline=policy=softmax-bound=2.7 | FileCheck %s --check-prefix=LOW

!x = tensor<4x8x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<8x64x!quant.uniform<i8<-1:1>:f32, 0.25>>
!p = tensor<4x64x!quant.uniform<u8:f32, 0.00392>>
!v = tensor<64x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 17, {{[^>]*}}material_bytes = 240272,
// BOUND: @f({{.*}}mpc.cost = #mpc.cost<rounds = 17, {{[^>]*}}material_bytes = 232760,
// BOUND-SAME: leak = "softmax-bound"
// LOW: @f({{.*}}mpc.cost = #mpc.cost<rounds = 17, {{[^>]*}}material_bytes = 177312,
func.func @f(%x: tensor<4x8xf32> {nn.owner = "data"}) -> tensor<4x2xf32> {
  %q = nn.quantize %x : tensor<4x8xf32> -> !x
  %w = nn.constant dense<1> : tensor<8x64xi8> : !w
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x64xf32>
  %p = nn.softmax %a : (tensor<4x64xf32>) -> tensor<4x64xf32>
  %s = nn.quantize %p : tensor<4x64xf32> -> !p
  %v = nn.constant dense<1> : tensor<64x2xi8> : !v
  %y = nn.linear %s, %v {nn.range = 1.0 : f64} : (!p, !v) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Tests that a LayerNorm before few bits takes a round less in its narrow widths, and deals less.
// RUN: mpcc-opt %s -mpcc-pipeline | FileCheck %s
// RUN: mpcc-opt %s -mpcc-pipeline=policy=norm-narrow-bits=0 | FileCheck %s --check-prefix=WIDE

!x = tensor<4x16x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<16x16x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 14, {{[^>]*}}bytes_p1_to_p2 = 2134, {{[^>]*}}material_bytes = 43248,
// WIDE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 15, {{[^>]*}}bytes_p1_to_p2 = 2517, {{[^>]*}}material_bytes = 94736,
func.func @f(%x: tensor<4x16xf32> {nn.owner = "data"}) -> tensor<4x16xf32> {
  %q = nn.quantize %x : tensor<4x16xf32> -> !x
  %w = nn.constant dense<1> : tensor<16x16xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x16xf32>
  %g = nn.constant dense<1.0> : tensor<16xf32> : tensor<16xf32>
  %b = nn.constant dense<0.5> : tensor<16xf32> : tensor<16xf32>
  %n = nn.layer_norm %y, %g, %b {epsilon = 1.0e-5 : f64, nn.range = 4.0 : f64} : (tensor<4x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
  %r = nn.quantize %n : tensor<4x16xf32> -> !x
  %z = nn.linear %r, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}

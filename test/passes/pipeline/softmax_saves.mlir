// Tests what a softmax of few bits and of a short row saves: narrow widths deal half as much, and levels that dealt tables read take a round less.
// RUN: mpcc-opt %s -mpcc-pipeline | FileCheck %s
// RUN: mpcc-opt %s -mpcc-pipeline=policy=softmax-narrow-bits=0 | FileCheck %s --check-prefix=WIDE
// RUN: mpcc-opt %s -mpcc-pipeline=policy=softmax-table-row=0 | FileCheck %s --check-prefix=DIGITS

!x = tensor<4x8x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<8x16x!quant.uniform<i8<-1:1>:f32, 0.25>>
!p = tensor<4x16x!quant.uniform<u8<0:15>:f32, 0.0666666>>
!v = tensor<16x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 16, {{[^>]*}}material_bytes = 29032,
// WIDE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 16, {{[^>]*}}material_bytes = 56136,
// DIGITS: @f({{.*}}mpc.cost = #mpc.cost<rounds = 17, {{[^>]*}}material_bytes = 28112,
func.func @f(%x: tensor<4x8xf32> {nn.owner = "data"}) -> tensor<4x2xf32> {
  %q = nn.quantize %x : tensor<4x8xf32> -> !x
  %w = nn.constant dense<1> : tensor<8x16xi8> : !w
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<4x16xf32>
  %p = nn.softmax %a : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %s = nn.quantize %p : tensor<4x16xf32> -> !p
  %v = nn.constant dense<1> : tensor<16x2xi8> : !v
  %y = nn.linear %s, %v {nn.range = 1.0 : f64} : (!p, !v) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Tests that an operand that is read in two rings has a choice for each, that a product of computed values asks for the unit of its right
// operand, and that functions, softmax, normalizations and means have choices of their own.
// RUN: mpcc-opt %s -choose-lowerings -split-input-file | FileCheck %s

!q = tensor<4x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: func @two_rings
// CHECK: nn.linear {{.*}}mpc.choices = [{{.*}}ring = 32 : i64{{.*}}ring = 16 : i64{{.*}}], mpc.ring = 16
func.func @two_rings(%x: tensor<4x4xf32> {nn.owner = "data"}) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {mpc.ring = 16 : i64} : (!q, !w) -> tensor<4x4xf32>
  %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %t = nn.binary mul %h, %two : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
  %r = nn.quantize %h : tensor<4x4xf32> -> !q
  %y = nn.linear %r, %w {mpc.ring = 32 : i64} : (!q, !w) -> tensor<4x4xf32>
  return %t, %y : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

!q = tensor<4x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!q8 = tensor<4x4x!quant.uniform<i8:f32, 0.5>>
!u = tensor<4x4x!quant.uniform<u8<0:15>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// A normalized row reaches further beyond a quantizer of few bits than other values do, with a factor, an addend and a ReLU too.
// CHECK-LABEL: func @normalized
// CHECK: nn.linear {{.*}}construction = "saturation"{{.*}}widths = {index = 7 : i64}
// CHECK: nn.linear {{.*}}construction = "saturation"{{.*}}widths = {index = 8 : i64}
// CHECK: nn.binary mul
// CHECK: nn.linear {{.*}}construction = "saturation"{{.*}}widths = {index = 8 : i64}
// CHECK: nn.linear {{.*}}construction = "saturation"{{.*}}widths = {index = 11 : i64}
func.func @normalized(%x: tensor<4x4xf32> {nn.owner = "data"}) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %g = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %g0 = nn.linear %q, %w {mpc.ring = 16 : i64} : (!q, !w) -> tensor<4x4xf32>
  %q0 = nn.quantize %g0 : tensor<4x4xf32> -> !q
  %h = nn.linear %q0, %w {mpc.ring = 16 : i64} : (!q, !w) -> tensor<4x4xf32>
  %n = nn.layer_norm %h, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %r = nn.quantize %n : tensor<4x4xf32> -> !q
  %y = nn.linear %r, %w {mpc.ring = 16 : i64} : (!q, !w) -> tensor<4x4xf32>
  %t = nn.binary mul %n, %g : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %a = nn.binary add %t, %g : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %p = nn.unary relu %a : tensor<4x4xf32> -> tensor<4x4xf32>
  %u = nn.quantize %p : tensor<4x4xf32> -> !u
  %v = nn.linear %u, %w {mpc.ring = 16 : i64} : (!u, !w) -> tensor<4x4xf32>
  %m = nn.layer_norm %y, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %s = nn.quantize %m : tensor<4x4xf32> -> !q8
  %z = nn.linear %s, %w {mpc.ring = 16 : i64} : (!q8, !w) -> tensor<4x4xf32>
  return %y, %v, %z : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

!q = tensor<4x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>

// CHECK-LABEL: func @attention
// CHECK: nn.matmul {{.*}}mpc.choices = [{construction = "softmax", operand = 0 : i64, ring = 16 : i64, widths = {index = 14 : i64}}, {construction = "function-bits", operand = 1 : i64, ring = 16 : i64, unit = "asked", widths = {index = 7 : i64}}]
// CHECK: nn.layer_norm {{.*}}mpc.choices = [{construction = "windows", operand = 0 : i64, ring = 0 : i64, widths = {floor = 9 : i64, gap = 4 : i64, index = 20 : i64, levels = 5 : i64, ring = 44 : i64, window = 12 : i64}}]
func.func @attention(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %g = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {mpc.ring = 16 : i64} : (!q, !w) -> tensor<4x4xf32>
  %s = nn.softmax %h : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = nn.quantize %s : tensor<4x4xf32> -> !q
  %f = nn.unary relu %h : tensor<4x4xf32> -> tensor<4x4xf32>
  %v = nn.quantize %f : tensor<4x4xf32> -> !q
  %c = nn.matmul %p, %v {mpc.ring = 16 : i64} : (!q, !q) -> tensor<4x4xf32>
  %n = nn.layer_norm %c, %g, %g {epsilon = 1.0e-5 : f64} : (tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  return %n : tensor<4x4xf32>
}

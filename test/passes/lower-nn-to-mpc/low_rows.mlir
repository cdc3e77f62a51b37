// Tests that rows whose largest score, on given inputs, is below the levels of a softmax are told, and others are not.
// RUN: mpcc-opt %s -nn-to-mpc -o /dev/null 2>&1 | FileCheck %s
// RUN: sed 's/least_maximum = -60.0/least_maximum = -6.0/' %s | mpcc-opt -nn-to-mpc -o /dev/null 2>&1 | FileCheck %s --check-prefix FINE --allow-empty

// CHECK: warning: {{.*}}a softmax with rows of scores that are all below -60, beside others up to
// FINE-NOT: a softmax with rows
func.func @f(%x: tensor<2x4xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %q = nn.quantize %x : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %a = nn.linear %q, %w {nn.range = 4.0 : f64} : (tensor<2x4x!quant.uniform<i8<-8:7>:f32, 0.5>>, tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<2x2xf32>
  %p = nn.softmax %a {nn.least_maximum = -60.0 : f64} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %s = nn.quantize %p : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8<0:15>:f32, 0.0666666>>
  %v = nn.constant dense<[[1, -1], [1, 1]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %y = nn.linear %s, %v {nn.range = 1.0 : f64} : (tensor<2x2x!quant.uniform<u8<0:15>:f32, 0.0666666>>, tensor<2x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

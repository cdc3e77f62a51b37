// Tests that private constants which happen to be equal stay apart: two models of one architecture have as many weights.
// RUN: mpcc-opt %s -mpcc-pipeline | FileCheck %s
// RUN: mpcc-opt %s -cse | FileCheck %s --check-prefix=CSE

// CHECK-LABEL: func.func @main
// CHECK: mpc.linear {{.*}}weight_stream = 0
// CHECK: mpc.linear {{.*}}weight_stream = 1
// CHECK: mpc.linear {{.*}}weight_stream = 2
// CSE-COUNT-3: nn.constant dense
// CSE-COUNT-3: nn.linear
func.func @main(%ids: tensor<1x2xi64> {nn.owner = "data", nn.name = "ids"}) -> (tensor<1x2x2xf32> {nn.name = "logits"}) {
  %table = nn.constant public dense<[[0.5, 1.0, -1.0, 0.25], [1.5, -1.75, 0.0, 0.5]]> : tensor<2x4xf32> : tensor<2x4xf32>
  %x = nn.gather %table, %ids : (tensor<2x4xf32>, tensor<1x2xi64>) -> tensor<1x2x4xf32>
  %q = nn.constant dense<1.0> : tensor<4x2xf32> : tensor<4x2xf32>
  %k = nn.constant dense<1.0> : tensor<4x2xf32> : tensor<4x2xf32>
  %v = nn.constant dense<1.0> : tensor<4x2xf32> : tensor<4x2xf32>
  %a = nn.linear %x, %q {nn.range = 4.0 : f64} : (tensor<1x2x4xf32>, tensor<4x2xf32>) -> tensor<1x2x2xf32>
  %b = nn.linear %x, %k {nn.range = 4.0 : f64} : (tensor<1x2x4xf32>, tensor<4x2xf32>) -> tensor<1x2x2xf32>
  %c = nn.linear %x, %v {nn.range = 4.0 : f64} : (tensor<1x2x4xf32>, tensor<4x2xf32>) -> tensor<1x2x2xf32>
  %d = nn.binary add %a, %b {nn.range = 8.0 : f64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %y = nn.binary add %d, %c {nn.range = 12.0 : f64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

// Tests that the whole pipeline takes a network to programs, in both lowerings, with the same result up to the rounding of its weights.
// RUN: mpcc-opt %s -mpcc-pipeline -o %t
// RUN: FileCheck %s < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.2
// RUN: mpcc-opt %s -mpcc-pipeline='policy=lowering=paper allow-leak=rounding-coins' | FileCheck %s

// CHECK-LABEL: func.func @main
// CHECK-SAME: mpc.disclosures
// CHECK-SAME: mpc.offline
// CHECK: mpc.input
// CHECK: mpc.linear
// CHECK: mpc.reveal
// CHECK: @main_offline()
// CHECK: mpc.deal "linear"
func.func @main(%ids: tensor<1x2xi64> {nn.owner = "data", nn.name = "ids"}) -> (tensor<1x2x2xf32> {nn.name = "logits"}) {
  %table = nn.constant public dense<[[0.5, 1.0, -1.0, 0.25], [1.5, -1.75, 0.0, 0.5]]> : tensor<2x4xf32> : tensor<2x4xf32>
  %w = nn.constant dense<[[1.0, -1.0], [-1.0, 0.5], [1.0, 1.0], [-0.5, -1.0]]> : tensor<4x2xf32> : tensor<4x2xf32>
  %b = nn.constant dense<[0.5, -0.25]> : tensor<2xf32> : tensor<2xf32>
  %x = nn.gather %table, %ids : (tensor<2x4xf32>, tensor<1x2xi64>) -> tensor<1x2x4xf32>
  %y = nn.linear %x, %w, %b {nn.range = 4.0 : f64} : (tensor<1x2x4xf32>, tensor<4x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

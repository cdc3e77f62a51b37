// Tests that what P1 can compute alone stays in nn, with no sharing, even where the same op on a secret value would be refused.
// RUN: mpcc-opt %s -lower-nn-to-mpc | FileCheck %s

// CHECK-LABEL: @visible
// CHECK-NOT: mpc.
// CHECK: %[[X:.*]] = nn.gather
// CHECK: %[[Y:.*]] = nn.unary sqrt %[[X]]
// CHECK: return %[[Y]]
func.func @visible(%ids: tensor<1x2xi64> {nn.owner = "data"}) -> tensor<1x2x2xf32> {
  %table = nn.constant public dense<0.5> : tensor<4x2xf32> : tensor<4x2xf32>
  %x = nn.gather %table, %ids : (tensor<4x2xf32>, tensor<1x2xi64>) -> tensor<1x2x2xf32>
  %y = nn.unary sqrt %x : tensor<1x2x2xf32> -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

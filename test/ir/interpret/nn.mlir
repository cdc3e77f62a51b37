// Tests that a function of nn alone runs, and that plaintext of P1 in an mpc function is nn too.
// RUN: mpcc-run %s --function nn --inputs '{"ids": [1, 0]}' | FileCheck %s
// RUN: mpcc-run %s --function mpc --inputs '{"ids": [1, 0]}' | FileCheck %s

// CHECK: [1.5, -2, 0.5, 1]
func.func @nn(%ids: tensor<2xi64> {nn.owner = "data", nn.name = "ids"}) -> tensor<2x2xf32> {
  %table = nn.constant public dense<[[0.5, 1.0], [1.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %x = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  return %x : tensor<2x2xf32>
}

func.func @mpc(%ids: tensor<2xi64> {nn.owner = "data", nn.name = "ids"}) -> tensor<2x2xf32> {
  %table = nn.constant public dense<[[0.5, 1.0], [1.5, -2.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %x = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  %e = mpc.encode %x {fraction_bits = 4 : i64} : tensor<2x2xf32> -> tensor<2x2xi16>
  %s = mpc.input_local %e : tensor<2x2xi16> -> !mpc.add<2x2, 16>
  %y = mpc.reveal %s {fraction_bits = 4 : i64} : !mpc.add<2x2, 16> -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

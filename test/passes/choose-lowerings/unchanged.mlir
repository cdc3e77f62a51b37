// Tests that what P1 computes alone gets no choices.
// RUN: mpcc-opt %s -choose-lowerings | FileCheck %s --implicit-check-not=mpc.choices

// CHECK: nn.softmax
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %s = nn.softmax %x : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %s : tensor<4x4xf32>
}

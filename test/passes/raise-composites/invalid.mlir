// Tests that parts which do not fit each other do not reach the pass, which has no error of its own: the verifier refuses them.
// RUN: mpcc-opt %s -raise-composites -split-input-file -verify-diagnostics

func.func @mask(%s: tensor<2x4xf32>, %m: tensor<3xf32> {nn.owner = "data"}) -> tensor<2x4xf32> {
  // expected-error@+1 {{shapes [2x4] and [3] do not broadcast}}
  %a = nn.binary add %s, %m : (tensor<2x4xf32>, tensor<3xf32>) -> tensor<2x4xf32>
  %y = nn.softmax %a : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @choice(%s: tensor<2x4xf32>, %kept: tensor<4xf32> {nn.owner = "data"}) -> tensor<2x4xf32> {
  %low = nn.constant public dense<-1.0e4> : tensor<f32> : tensor<f32>
  // expected-error@+1 {{expected i1 elements}}
  %a = nn.select %kept, %s, %low : (tensor<4xf32>, tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %y = nn.softmax %a : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @norm(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error@+1 {{axis 2 is outside shape [2x4]}}
  %n = nn.reduce l2 %x [2] : tensor<2x4xf32> -> tensor<2x1xf32>
  %y = nn.binary div %x, %n : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// Tests that a map is what its body yields, and that an argument without an owner is nobody's.
// RUN: mpcc-opt %s -annotate-visibility | FileCheck %s

!real = tensor<2xf32>

func.func @f(%x: !real {nn.owner = "data"}, %nobody: !real) {
  // CHECK: nn.map
  %private = nn.map %x {
  ^bb0(%number: tensor<f32>):
    // CHECK: nn.constant {{.*}}nn.visibility = "private"
    %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
    // CHECK: nn.binary {{.*}}nn.visibility = "secret"
    %m = nn.binary mul %number, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
    nn.yield %m : tensor<f32>
    // CHECK: } {nn.visibility = "secret"}
  } : !real -> !real
  // CHECK: nn.map
  %public = nn.map %x {
  ^bb0(%number: tensor<f32>):
    // CHECK: nn.constant {{.*}}nn.visibility = "public"
    %c = nn.constant public dense<2.0> : tensor<f32> : tensor<f32>
    // CHECK: nn.binary {{.*}}nn.visibility = "data"
    %m = nn.binary mul %number, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
    nn.yield %m : tensor<f32>
    // CHECK: } {nn.visibility = "data"}
  } : !real -> !real
  // CHECK: nn.unary {{.*}}nn.visibility = "secret"
  %unowned = nn.unary neg %nobody : !real -> !real
  return
}

// Tests that one warning names the values whose range, read by the lowering, was measured on random inputs.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -o /dev/null 2>&1 | FileCheck %s
// RUN: not mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc=strict-ranges -o /dev/null 2>&1 | FileCheck %s --check-prefix STRICT

// CHECK: warning: 2 values whose range is known from random inputs only (head/Add, head/Tanh); accepted: ranges of the file, or measured on inputs like those that will be asked; remedy: compile with --calibrate, or write ranges into the file with 'mpcc calibrate'
// CHECK-NOT: warning
// STRICT: error: 2 values whose range is known from random inputs only
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %c = nn.constant dense<[1.0, -3.0, 2.0, 0.5]> : tensor<4xf32> : tensor<4xf32>
  %unread = nn.binary mul %x, %c {nn.range = 4.0 : f64, nn.guessed} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %sum = nn.binary add %unread, %c {nn.range = 4.0 : f64, nn.guessed} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32> loc("head/Add")
  %y = nn.unary tanh %sum {nn.range = 1.0 : f64, nn.guessed} : tensor<1x4xf32> -> tensor<1x4xf32> loc("head/Tanh")
  return %y : tensor<1x4xf32>
}

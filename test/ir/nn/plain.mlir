// Tests that operators on plaintext are checked by their row, and mean what it says.
// RUN: mpcc-run %s --inputs '{"x": [4, 3, 2, 1]}' | FileCheck %s

// CHECK: [2, 4]
func.func @main(%x: tensor<4xi64> {nn.owner = "data", nn.name = "x"}) -> tensor<2xi64> {
  %y = nn.plain "slice"(%x) [2, -2, 2] : (tensor<4xi64>) -> tensor<2xi64>
  return %y : tensor<2xi64>
}

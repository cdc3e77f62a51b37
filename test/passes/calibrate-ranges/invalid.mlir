// Tests that a network that the interpreter cannot run is refused: behind a reshape, ids are not known to index a table.
// RUN: mpcc-opt %s -calibrate-ranges -verify-diagnostics

// expected-error@+1 {{calibration failed: nn.gather}}
func.func @unknown_ids(%ids: tensor<1x4xi64> {nn.owner = "data"}) -> tensor<4x2xf32> {
  %table = nn.constant public dense<0.5> : tensor<1x2xf32> : tensor<1x2xf32>
  %flat = nn.reshape %ids : tensor<1x4xi64> -> tensor<4xi64>
  %x = nn.gather %table, %flat : (tensor<1x2xf32>, tensor<4xi64>) -> tensor<4x2xf32>
  return %x : tensor<4x2xf32>
}

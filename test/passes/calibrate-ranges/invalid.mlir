// Tests that a network that the interpreter cannot run is refused: random ids do not know what is added to them.
// RUN: mpcc-opt %s -calibrate-ranges -verify-diagnostics

// expected-error@+1 {{calibration failed: input 0: nn.gather}}
func.func @unknown_ids(%ids: tensor<1x4xi64> {nn.owner = "data"}) -> tensor<1x4x2xf32> {
  %table = nn.constant dense<0.5> : tensor<1x2xf32> : tensor<1x2xf32>
  %one = nn.constant public dense<1> : tensor<i64> : tensor<i64>
  %more = nn.binary add %ids, %one : (tensor<1x4xi64>, tensor<i64>) -> tensor<1x4xi64>
  %x = nn.gather %table, %more : (tensor<1x2xf32>, tensor<1x4xi64>) -> tensor<1x4x2xf32>
  return %x : tensor<1x4x2xf32>
}

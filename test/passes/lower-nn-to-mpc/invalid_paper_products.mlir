// Tests that the source design's products, whose rings are its own, are no results.
// RUN: mpcc-opt %s -set-policy=policy=lowering=paper -choose-rings -choose-lowerings -lower-nn-to-mpc -verify-diagnostics

!q = tensor<4x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
func.func @read_in_more_bits(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %k = nn.constant dense<1.0> : tensor<4x4xf32> : tensor<4x4xf32>
  %s = nn.binary add %x, %k : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %q = nn.quantize %s : tensor<4x4xf32> -> !q
  // expected-error@+1 {{read in 32 bits, and its ring has 16}}
  %y = nn.matmul %q, %q {nn.range = 2.0 : f64} : (!q, !q) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

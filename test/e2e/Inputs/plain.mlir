// What P1 computes alone: quantizers with public scales, operators by name, numbers of rank 0.
func.func @f(%x: tensor<2x4xf32> {nn.owner = "data"}, %ids: tensor<3xi64> {nn.owner = "data"}) -> (tensor<3x4xf32> {nn.name = "output0"}) {
  %scale = nn.constant public dense<0.125> : tensor<1xf32> : tensor<1xf32>
  %zero = nn.constant public dense<3> : tensor<1xi64> : tensor<1xi64>
  %one = nn.constant public dense<1.0> : tensor<f32> : tensor<f32>
  %two = nn.binary add %one, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %q = nn.plain "quantize"(%x, %scale, %zero) [0, -128, 127] : (tensor<2x4xf32>, tensor<1xf32>, tensor<1xi64>) -> tensor<2x4xi64>
  %d = nn.plain "dequantize"(%q, %scale, %zero) [0] : (tensor<2x4xi64>, tensor<1xf32>, tensor<1xi64>) -> tensor<2x4xf32>
  %s = nn.unary softplus %d : tensor<2x4xf32> -> tensor<2x4xf32>
  %m = nn.binary mul %s, %two : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %c = nn.plain "cum_sum"(%m) [1, 0, 1] : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %b = nn.plain "slice"(%c) [1, 3, -1, -1, 2, 4] : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %g = nn.gather %b, %ids : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  %e = mpc.encode %g {fraction_bits = 6 : i64} : tensor<3x4xf32> -> tensor<3x4xi16>
  %r = mpc.input %e : tensor<3x4xi16> -> !mpc.rss<3x4, 16>
  %a = mpc.open_free %r : !mpc.rss<3x4, 16> -> !mpc.add<3x4, 16>
  %o = mpc.reveal %a {fraction_bits = 6 : i64} : !mpc.add<3x4, 16> -> tensor<3x4xf32>
  return %o : tensor<3x4xf32>
}

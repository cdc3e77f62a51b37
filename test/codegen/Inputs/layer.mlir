// One program with every operation family: plaintext at P1, a private linear layer, a table, a shared product, a wrap.
func.func @f(%ids: tensor<1x2xi64> {nn.owner = "data", nn.name = "input_ids"}) -> (tensor<1x2x2xf32> {nn.name = "logits"})
    attributes {mpc.sequence_length = 2 : i64} {
  %table = nn.constant public dense<[[0.5, 1.0, -1.0, 0.25], [1.5, -2.0, 0.0, 0.5], [0.1, 0.2, 0.3, 0.4]]> : tensor<3x4xf32> : tensor<3x4xf32>
  %x = nn.gather %table, %ids : (tensor<3x4xf32>, tensor<1x2xi64>) -> tensor<1x2x4xf32>
  %e = mpc.encode %x {fraction_bits = 4 : i64} : tensor<1x2x4xf32> -> tensor<1x2x4xi16> loc(fused<#nn.node<op = "Quantize", part = #nn.part<kind = layer, index = 0>>>["/encoder/layer.0/Quantize"])
  %r = mpc.input %e : tensor<1x2x4xi16> -> !mpc.rss<1x2x4, 16>
  %w = mpc.constant dense<[[1, -1], [-1, 1], [1, 1], [-1, -1]]> : tensor<4x2xi8> : !mpc.private<4x2, 16>
  %b = mpc.constant dense<[3, -5]> : tensor<2xi16> : !mpc.private<2, 16>
  %y = mpc.linear %r, %w, %b : (!mpc.rss<1x2x4, 16>, !mpc.private<4x2, 16>, !mpc.private<2, 16>) -> !mpc.add<1x2x2, 16> loc(fused<#nn.node<op = "MatMul", part = #nn.part<kind = layer, index = 0>>>["/encoder/layer.0/MatMul"])
  %i = mpc.extract %y : !mpc.add<1x2x2, 16> -> !mpc.add<1x2x2, 4>
  %m = mpc.reshare %i : !mpc.add<1x2x2, 4> -> !mpc.rss<1x2x2, 4>
  %t = mpc.constant dense<7> : tensor<1x16xi16> : !mpc.private<1x16, 16>
  %l = mpc.lut %m, %t {shift = 0 : i64} : (!mpc.rss<1x2x2, 4>, !mpc.private<1x16, 16>) -> !mpc.add<1x2x2, 16> loc(fused<#nn.node<op = "Gelu", part = #nn.part<kind = layer, index = 1>>>["/encoder/layer.1/Gelu"])
  %p = mpc.add_public %m, 1 : !mpc.rss<1x2x2, 4>
  %z = mpc.wrap %p : !mpc.rss<1x2x2, 4> -> !mpc.add<1x2x2, 12>
  %s, %u = mpc.reshare %l, %z : !mpc.add<1x2x2, 16>, !mpc.add<1x2x2, 12> -> !mpc.rss<1x2x2, 16>, !mpc.rss<1x2x2, 12>
  %j = mpc.join %p, %u : (!mpc.rss<1x2x2, 4>, !mpc.rss<1x2x2, 12>) -> !mpc.rss<1x2x2, 16>
  %c = mpc.constant dense<[2, 9]> : tensor<2xi16> : !mpc.private<2, 16>
  %q = mpc.product %s, %j const %c : (!mpc.rss<1x2x2, 16>, !mpc.rss<1x2x2, 16>, !mpc.private<2, 16>) -> !mpc.add<1x2x2, 16>
  %k = mpc.matmul %s, %j {transpose_b} : (!mpc.rss<1x2x2, 16>, !mpc.rss<1x2x2, 16>) -> !mpc.add<1x2x2, 16>
  %o = mpc.add %q, %k : (!mpc.add<1x2x2, 16>, !mpc.add<1x2x2, 16>) -> !mpc.add<1x2x2, 16>
  %out = mpc.reveal %o {fraction_bits = 4 : i64} : !mpc.add<1x2x2, 16> -> tensor<1x2x2xf32> loc(fused<#nn.node<op = "Gemm", part = #nn.part<kind = head>>>["/classifier/Gemm"])
  return %out : tensor<1x2x2xf32>
}

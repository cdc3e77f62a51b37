// Tests that another order changes nothing that is computed.
// RUN: mpcc-opt %s -shorten-lives -o %t
// RUN: mpcc-run %t --compare %s --seed 7 --quiet

func.func @f(%x: tensor<2x4xi16> {nn.owner = "data"}) -> (tensor<2x1xf32>, tensor<2x4xf32>) {
  %a = mpc.input %x : tensor<2x4xi16> -> !mpc.rss<2x4, 16>
  %y = mpc.add_public %a, 7 : !mpc.rss<2x4, 16>
  %p = mpc.product %y, %a : (!mpc.rss<2x4, 16>, !mpc.rss<2x4, 16>) -> !mpc.add<2x4, 16>
  %q = mpc.product %a, %a : (!mpc.rss<2x4, 16>, !mpc.rss<2x4, 16>) -> !mpc.add<2x4, 16>
  %l = mpc.resize %a : !mpc.rss<2x4, 16> -> !mpc.rss<2x4, 8>
  %r = mpc.row_sum %p : !mpc.add<2x4, 16> -> !mpc.add<2x1, 16>
  %s = mpc.row_sum %q : !mpc.add<2x4, 16> -> !mpc.add<2x1, 16>
  %t = mpc.sub %r, %s : (!mpc.add<2x1, 16>, !mpc.add<2x1, 16>) -> !mpc.add<2x1, 16>
  %o = mpc.open_free %l : !mpc.rss<2x4, 8> -> !mpc.add<2x4, 8>
  %0 = mpc.reveal %t {fraction_bits = 0 : i64} : !mpc.add<2x1, 16> -> tensor<2x1xf32>
  %1 = mpc.reveal %o {fraction_bits = 0 : i64} : !mpc.add<2x4, 8> -> tensor<2x4xf32>
  return %0, %1 : tensor<2x1xf32>, tensor<2x4xf32>
}

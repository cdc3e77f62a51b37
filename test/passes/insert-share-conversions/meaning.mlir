// Tests that openings and expanded lifts do not change what is computed.
// RUN: mpcc-opt %s -insert-share-conversions -merge-openings -o %t
// RUN: mpcc-run %t --compare %s --most-id 15 --seed 7 --quiet

func.func @f(%x: tensor<2x4xi16> {nn.owner = "data"}) -> (tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x4xf32>) {
  %a = mpc.input_local %x : tensor<2x4xi16> -> !mpc.add<2x4, 16>
  %t = mpc.constant dense<[[3, 1, -4, 1, -5, 9, 2, -6]]> : tensor<1x8xi16> : !mpc.private<1x8, 16>
  %w = mpc.constant dense<[[1, -1, 1, 1], [2, 0, 1, -2], [1, 1, 0, 3], [-1, 2, 2, 1]]> : tensor<4x4xi16> : !mpc.private<4x4, 16>
  %b = mpc.constant dense<[1, 2, 3, 4]> : tensor<4xi16> : !mpc.private<4, 16>
  %i = mpc.resize %a : !mpc.add<2x4, 16> -> !mpc.add<2x4, 3>
  %l = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<2x4, 3>, !mpc.private<1x8, 16>) -> !mpc.add<2x4, 16>
  %y = mpc.linear %l, %w, %b : (!mpc.add<2x4, 16>, !mpc.private<4x4, 16>, !mpc.private<4, 16>) -> !mpc.add<2x4, 16>
  %h = mpc.lift %y : !mpc.add<2x4, 16> -> !mpc.rss<2x4, 32>
  %d = mpc.dot %h, %h : (!mpc.rss<2x4, 32>, !mpc.rss<2x4, 32>) -> !mpc.add<2x1, 32>
  %o = mpc.open_free %h : !mpc.rss<2x4, 32> -> !mpc.add<2x4, 32>
  %s = mpc.sub %o, %h : (!mpc.add<2x4, 32>, !mpc.rss<2x4, 32>) -> !mpc.add<2x4, 32>
  %0 = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<2x4, 16> -> tensor<2x4xf32>
  %1 = mpc.reveal %d {fraction_bits = 0 : i64} : !mpc.add<2x1, 32> -> tensor<2x1xf32>
  %2 = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<2x4, 32> -> tensor<2x4xf32>
  return %0, %1, %2 : tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x4xf32>
}

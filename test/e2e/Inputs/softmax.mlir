// Scores of four bits, their maxima, exponentials by two tables, a wide sum.
func.func @f(%x: tensor<2x5xf32> {nn.owner = "data"}) -> (tensor<2x5xf32> {nn.name = "output0"}) {
  %e = mpc.encode %x {fraction_bits = 1 : i64} : tensor<2x5xf32> -> tensor<2x5xi6>
  %r = mpc.input %e : tensor<2x5xi6> -> !mpc.rss<2x5, 6>
  %a = mpc.open_free %r : !mpc.rss<2x5, 6> -> !mpc.add<2x5, 6>
  %k = mpc.extract %a : !mpc.add<2x5, 6> -> !mpc.add<2x5, 4>
  %max = mpc.row_max %k : !mpc.add<2x5, 4> -> !mpc.add<2x1, 4>
  %d = mpc.sub %k, %max : (!mpc.add<2x5, 4>, !mpc.add<2x1, 4>) -> !mpc.add<2x5, 4>
  %t = mpc.constant dense<[[100, 90, 80, 70, 60, 50, 40, 30, 1, 2, 3, 5, 8, 13, 21, 34]]> : tensor<1x16xi16> : !mpc.private<1x16, 12>
  %p = mpc.lut %d, %t {shift = 0 : i64} : (!mpc.add<2x5, 4>, !mpc.private<1x16, 12>) -> !mpc.add<2x5, 12>
  %u = mpc.constant dense<[[1, 3, 9, 27, 1, 3, 9, 27, 2, 6, 18, 54, 4, 12, 36, 108]]> : tensor<1x16xi16> : !mpc.private<1x16, 12>
  %v = mpc.lut %d, %u {shift = 0 : i64} : (!mpc.add<2x5, 4>, !mpc.private<1x16, 12>) -> !mpc.add<2x5, 12>
  %s = mpc.add %p, %v : (!mpc.add<2x5, 12>, !mpc.add<2x5, 12>) -> !mpc.add<2x5, 12>
  %l = mpc.lift %s : !mpc.add<2x5, 12> -> !mpc.rss<2x5, 24>
  %sum = mpc.row_sum %l : !mpc.rss<2x5, 24> -> !mpc.rss<2x1, 24>
  %m = mpc.product %l, %sum : (!mpc.rss<2x5, 24>, !mpc.rss<2x1, 24>) -> !mpc.add<2x5, 24>
  %n = mpc.add %m, %l : (!mpc.add<2x5, 24>, !mpc.rss<2x5, 24>) -> !mpc.add<2x5, 24>
  %o = mpc.reveal %n {fraction_bits = 4 : i64} : !mpc.add<2x5, 24> -> tensor<2x5xf32>
  return %o : tensor<2x5xf32>
}

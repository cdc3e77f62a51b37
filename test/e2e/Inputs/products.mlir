// Every product in one ring; the test puts the width.
func.func @f(%x: tensor<2x3x4xf32> {nn.owner = "data"}) -> (tensor<2x3x3xf32> {nn.name = "output0"}) {
  %e = mpc.encode %x {fraction_bits = 0 : i64} : tensor<2x3x4xf32> -> tensor<2x3x4xiWIDTH>
  %r = mpc.input %e : tensor<2x3x4xiWIDTH> -> !mpc.rss<2x3x4, WIDTH>
  %w = mpc.constant dense<[[1, -2, 3], [-4, 5, 6], [7, -8, 9], [1, 1, -1]]> : tensor<4x3xi8> : !mpc.private<4x3, WIDTH>
  %b = mpc.constant dense<[3, -5, 77]> : tensor<3xi16> : !mpc.private<3, WIDTH>
  %y = mpc.linear %r, %w, %b : (!mpc.rss<2x3x4, WIDTH>, !mpc.private<4x3, WIDTH>, !mpc.private<3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %m = mpc.reshare %y : !mpc.add<2x3x3, WIDTH> -> !mpc.rss<2x3x3, WIDTH>
  %t = mpc.transpose %m [0, 2, 1] : !mpc.rss<2x3x3, WIDTH> -> !mpc.rss<2x3x3, WIDTH>
  %p = mpc.matmul %m, %t : (!mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %q = mpc.matmul %m, %t {transpose_b} : (!mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %d = mpc.dot %m, %t : (!mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x3, WIDTH>) -> !mpc.add<2x3x1, WIDTH>
  %s = mpc.add %p, %d : (!mpc.add<2x3x3, WIDTH>, !mpc.add<2x3x1, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %u = mpc.sub %s, %q : (!mpc.add<2x3x3, WIDTH>, !mpc.add<2x3x3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %v, %g = mpc.reshare %u, %d : !mpc.add<2x3x3, WIDTH>, !mpc.add<2x3x1, WIDTH> -> !mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x1, WIDTH>
  %c = mpc.constant dense<[2, -9, 4]> : tensor<3xi8> : !mpc.private<3, WIDTH>
  %h = mpc.product %v, %g, %m const %c : (!mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x1, WIDTH>, !mpc.rss<2x3x3, WIDTH>, !mpc.private<3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %i = mpc.product %v, %v : (!mpc.rss<2x3x3, WIDTH>, !mpc.rss<2x3x3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %j = mpc.add %h, %i : (!mpc.add<2x3x3, WIDTH>, !mpc.add<2x3x3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %k = mpc.mul_public %j, -3 : !mpc.add<2x3x3, WIDTH>
  %z = mpc.product const %c : (!mpc.private<3, WIDTH>) -> !mpc.add<3, WIDTH>
  %y2 = mpc.add %k, %z : (!mpc.add<2x3x3, WIDTH>, !mpc.add<3, WIDTH>) -> !mpc.add<2x3x3, WIDTH>
  %o = mpc.reveal %y2 {fraction_bits = 0 : i64} : !mpc.add<2x3x3, WIDTH> -> tensor<2x3x3xf32>
  return %o : tensor<2x3x3xf32>
}

// Tests that the example of `mpc.sealed` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [1, 2]}' | FileCheck %s
// CHECK: {{^}}[5, 14]{{$}}

func.func @f(%x: tensor<2xf32> {nn.owner = "data"}) -> tensor<2xf32> attributes {mpc.offline = @g} {
  %e = mpc.encode %x {fraction_bits = 0 : i64} : tensor<2xf32> -> tensor<2xi8>
  %m = mpc.input %e {streams = array<i64: 0>} : tensor<2xi8> -> !mpc.rss<2, 8>
  %c = mpc.sealed : !mpc.private<2, 8>
  %p = mpc.product %m const %c {streams = array<i64: 1, 2>} : (!mpc.rss<2, 8>, !mpc.private<2, 8>) -> !mpc.add<2, 8>
  %y = mpc.reveal %p {fraction_bits = 0 : i64} : !mpc.add<2, 8> -> tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func private @g() attributes {mpc.online = @f} {
  %m = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<2, 8>
  %c = mpc.constant dense<[5, 7]> : tensor<2xi8> : !mpc.private<2, 8>
  mpc.deal "product" %m, %c {params = {}, result_type = !mpc.add<2, 8>, streams = array<i64: 1, 2>} : !mpc.mask<2, 8>, !mpc.private<2, 8>
  return
}

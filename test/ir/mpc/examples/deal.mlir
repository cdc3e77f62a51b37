// Tests that the example of `mpc.deal` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1]}' | FileCheck %s
// CHECK: {{^}}[7, 9]{{$}}

func.func @f(%x: tensor<2xf32> {nn.owner = "data"}) -> tensor<2xf32> attributes {mpc.offline = @g} {
  %e = mpc.encode %x {fraction_bits = 0 : i64} : tensor<2xf32> -> tensor<2xi2>
  %m = mpc.input %e {streams = array<i64: 0>} : tensor<2xi2> -> !mpc.rss<2, 2>
  %t = mpc.sealed : !mpc.private<1x4, 8>
  %p = mpc.lut %m, %t {shift = 0 : i64, streams = array<i64: 1>} : (!mpc.rss<2, 2>, !mpc.private<1x4, 8>) -> !mpc.add<2, 8>
  %y = mpc.reveal %p {fraction_bits = 0 : i64} : !mpc.add<2, 8> -> tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func private @g() attributes {mpc.online = @f} {
  %m = mpc.draw_mask input {streams = array<i64: 0>} : !mpc.mask<2, 2>
  %t = mpc.constant dense<[[7, 9, 0, 0]]> : tensor<1x4xi8> : !mpc.private<1x4, 8>
  mpc.deal "lut" %m, %t {params = {shift = 0 : i64}, result_type = !mpc.add<2, 8>, streams = array<i64: 1>} : !mpc.mask<2, 2>, !mpc.private<1x4, 8>
  return
}

// Tests that reads by digits give what the operations mean, in the ideal meaning and on shares.
// RUN: mpcc-opt %s -expand-exact-reads -o %t
// RUN: mpcc-run %t --compare %s --most-id 4095 --seed 7 --quiet
// RUN: mpcc-opt %s -fuse-extract-lut -expand-exact-reads -insert-share-conversions -o %t.shares
// RUN: mpcc-run %t.shares --mode random --compare %s --most-id 4095 --seed 7 --quiet

func.func @f(%x: tensor<3x4xi16> {nn.owner = "data"}) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  %a = mpc.input_local %x : tensor<3x4xi16> -> !mpc.add<3x4, 12>
  %c = mpc.constant dense<[3, -5, 7, 1]> : tensor<4xi16> : !mpc.private<4, 16>
  %t = mpc.truncate %a : !mpc.add<3x4, 12> -> !mpc.add<3x4, 6>
  %0 = mpc.reveal %t {fraction_bits = 0 : i64} : !mpc.add<3x4, 6> -> tensor<3x4xf32>
  %h = mpc.add_public %t, 1 : !mpc.add<3x4, 6>
  %l = mpc.public_lut %h times %c {values = array<i64: 0, 1, 2, 9, -4, -4, -1, 5>} : (!mpc.add<3x4, 6>, !mpc.private<4, 16>) -> !mpc.add<3x4, 16>
  %1 = mpc.reveal %l {fraction_bits = 0 : i64} : !mpc.add<3x4, 16> -> tensor<3x4xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<3x4xf32>
}

// Tests that composed and shared tables compute what the single ones did.
// RUN: mpcc-opt %s -fuse-extract-lut -o %t
// RUN: mpcc-run %t --compare %s --most-id 15 --seed 7 --quiet

func.func @f(%x: tensor<3x4xi16> {nn.owner = "data"}) -> tensor<3x4xf32> {
  %a = mpc.input_local %x : tensor<3x4xi16> -> !mpc.add<3x4, 3>
  %t = mpc.constant dense<[[7, 0, 3, 12, 9, 1, 5, 15], [1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 1, 1, 2, 2, 3, 3], [9, 8, 7, 6, 5, 4, 3, 2]]> : tensor<4x8xi16> : !mpc.private<4x8, 4>
  %u = mpc.constant dense<[[10, 20, 30, 40, 50, 60, 70, 80, -1, -2, -3, -4, -5, -6, -7, -8]]> : tensor<1x16xi16> : !mpc.private<1x16, 16>
  %b = mpc.lut %a, %t {shift = 0 : i64} : (!mpc.add<3x4, 3>, !mpc.private<4x8, 4>) -> !mpc.add<3x4, 4>
  %c = mpc.add_public %b, 3 : !mpc.add<3x4, 4>
  %d = mpc.lut %c, %u {shift = 0 : i64} : (!mpc.add<3x4, 4>, !mpc.private<1x16, 16>) -> !mpc.add<3x4, 16>
  %e = mpc.mul_public %d, 5 : !mpc.add<3x4, 16>
  %0 = mpc.reveal %e {fraction_bits = 0 : i64} : !mpc.add<3x4, 16> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// Tests that leading bits are read right at every number, by few and by many levels and digits, in the ideal meaning and on shares.
// RUN: mpcc-opt %s -expand-exact-reads -o %t
// RUN: mpcc-run %t --compare %s --most-id 255 --seed 7 --quiet
// RUN: mpcc-opt %t -insert-share-conversions -merge-openings -o %t.shares
// RUN: mpcc-run %t.shares --mode random --compare %s --most-id 255 --seed 7 --quiet

func.func @f(%x: tensor<40x16xi16> {nn.owner = "data"}) -> (tensor<40x16xf32>, tensor<40x16xf32>) {
  %a = mpc.input_local %x : tensor<40x16xi16> -> !mpc.add<40x16, 8>
  %l = mpc.leading_lut %a {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 0, 7, 8, 0, 0, 6, 7, 0, 0, 5, 6, 0, 0, 4, 5, 0, 0, 3, 4, 0, 0, 2, 3, -9, 9, 1, -5>} : !mpc.add<40x16, 8> -> !mpc.add<40x16, 16>
  %0 = mpc.reveal %l {fraction_bits = 0 : i64} : !mpc.add<40x16, 16> -> tensor<40x16xf32>
  %m = mpc.leading_lut %a {index = 3 : i64, gap = 2 : i64, values = array<i64: 90, 91, -80, -70, -60, -50, -40, -30, 92, 93, 88, 77, 66, 55, 44, 33, -5, -6, -7, 100000, 200000, 0, 1, 2>} : !mpc.add<40x16, 8> -> !mpc.add<40x16, 20>
  %1 = mpc.reveal %m {fraction_bits = 0 : i64} : !mpc.add<40x16, 20> -> tensor<40x16xf32>
  return %0, %1 : tensor<40x16xf32>, tensor<40x16xf32>
}

// Tests that the tournament finds the largest value of rows of several lengths.
// RUN: mpcc-opt %s -expand-row-max -o %t
// RUN: mpcc-run %t --compare %s --most-id 15 --seed 7 --quiet

func.func @f(%x: tensor<8x7xi16> {nn.owner = "data"}, %y: tensor<5x4xi16> {nn.owner = "data"}) -> (tensor<8x1xf32>, tensor<5x1xf32>) {
  %a = mpc.input_local %x : tensor<8x7xi16> -> !mpc.add<8x7, 4>
  %b = mpc.input_local %y : tensor<5x4xi16> -> !mpc.add<5x4, 3>
  %c = mpc.row_max %a : !mpc.add<8x7, 4> -> !mpc.add<8x1, 4>
  %d = mpc.row_max %b : !mpc.add<5x4, 3> -> !mpc.add<5x1, 3>
  %0 = mpc.reveal %c {fraction_bits = 0 : i64} : !mpc.add<8x1, 4> -> tensor<8x1xf32>
  %1 = mpc.reveal %d {fraction_bits = 0 : i64} : !mpc.add<5x1, 3> -> tensor<5x1xf32>
  return %0, %1 : tensor<8x1xf32>, tensor<5x1xf32>
}

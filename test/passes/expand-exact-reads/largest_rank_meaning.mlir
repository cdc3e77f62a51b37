// Tests that every kind of read of the largest rank gives what it means, with a factor for each column and with tables for each.
// RUN: mpcc-opt %s -expand-exact-reads -o %t
// RUN: mpcc-run %t --compare %s --most-id 4095 --seed 7 --quiet

!x = !mpc.add<1x2x1x2x2, 12>
!y = !mpc.add<1x2x1x2x2, 16>
!r = tensor<1x2x1x2x2xf32>
func.func @f(%in: tensor<1x2x1x2x2xi16> {nn.owner = "data"}) -> (!r, !r, !r, !r, !r, !r) {
  %x = mpc.input_local %in : tensor<1x2x1x2x2xi16> -> !x
  %c = mpc.constant dense<[3, -5]> : tensor<2xi16> : !mpc.private<2, 16>
  %a = mpc.constant dense<[[1, 0, 0, 1], [0, 1, 1, 1]]> : tensor<2x4xi8> : !mpc.private<2x4, 1>
  %b = mpc.constant dense<[[0, 0, 1, 1], [1, 1, 0, 1]]> : tensor<2x4xi8> : !mpc.private<2x4, 1>
  %t = mpc.truncate %x : !x -> !mpc.add<1x2x1x2x2, 6>
  %0 = mpc.reveal %t {fraction_bits = 0 : i64} : !mpc.add<1x2x1x2x2, 6> -> !r
  %s = mpc.saturate %x times %c {bits = 8 : i64, least = -8 : i64, most = 7 : i64} : (!x, !mpc.private<2, 16>) -> !y
  %1 = mpc.reveal %s {fraction_bits = 0 : i64} : !y -> !r
  %l = mpc.public_lut %x {values = array<i64: 0, 1, 2, 9, -4, -4, -1, 5>} : (!x) -> !y
  %2 = mpc.reveal %l {fraction_bits = 0 : i64} : !y -> !r
  %p = mpc.private_lut %x by %a, %b {least = -1 : i64} : (!x, !mpc.private<2x4, 1>, !mpc.private<2x4, 1>) -> !y
  %3 = mpc.reveal %p {fraction_bits = 0 : i64} : !y -> !r
  %e = mpc.staircase %x {starts = array<i64: 3, 700, 1500>, values = array<i64: 1, 6, 0>, digit = 6 : i64, origin = 0 : i64} : !x -> !y
  %4 = mpc.reveal %e {fraction_bits = 0 : i64} : !y -> !r
  %g = mpc.leading_lut %x {index = 3 : i64, gap = 2 : i64, values = array<i64: 0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 8, 7, 6, 5, 4, 3>} : !x -> !y
  %5 = mpc.reveal %g {fraction_bits = 0 : i64} : !y -> !r
  return %0, %1, %2, %3, %4, %5 : !r, !r, !r, !r, !r, !r
}

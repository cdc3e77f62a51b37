// Tests that the policy's options choose how a 4-bit operand is requantized: by a table of 2^(4+extra) entries, or, without tables, by a
// rounded index that is lifted.
// RUN: mpcc-opt %s -nn-to-mpc=policy=extra-index-bits=0 | FileCheck %s --check-prefix=COARSE
// RUN: mpcc-opt %s -nn-to-mpc=policy=extra-index-bits=4 | FileCheck %s --check-prefix=FINE
// RUN: mpcc-opt %s -nn-to-mpc=policy=table-bits=3 -o %t
// RUN: FileCheck %s --check-prefix=LIFT < %t
// RUN: mpcc-run %t --compare %s --quiet --tolerance 0.01

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>

// COARSE: mpc.truncate {{.*}} -> !mpc.add<1x4, 4>
// COARSE: mpc.lut {{.*}} !mpc.private<1x16,
// FINE: mpc.truncate {{.*}} -> !mpc.add<1x4, 8>
// FINE: mpc.lut {{.*}} !mpc.private<1x256,
// LIFT-NOT: mpc.private<1x64,
// LIFT: mpc.lift
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, -1]]> : tensor<4x2xi8> : !w
  %y = nn.linear %q, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Tests that a value which wrapped is reported where it is read, with the location of the operation.
// RUN: mpcc-run %s --inputs '{"scores": [50, -50, 1]}' --check-ranges 2>&1 | FileCheck %s

// CHECK: range.mlir:[[@LINE+3]]:8: warning: reads 2 values out of range, the farthest is 150, expected [-128, 128)
func.func @main(%x: !mpc.add<3, 8> {nn.name = "scores"}) -> tensor<3xf32> {
  %0 = mpc.mul_public %x, 3 : !mpc.add<3, 8>
  %r = mpc.reveal %0 {fraction_bits = 1 : i64} : !mpc.add<3, 8> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

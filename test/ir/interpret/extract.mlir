// Tests that extract rounds half up in the ideal mode, and by less than one step on shares.
// RUN: mpcc-run %s --inputs '{"arg0": [0, 1, 2, 5, 6, -2, -3]}' | FileCheck %s
// RUN: mpcc-run %s --inputs '{"arg0": [0, 4, 8, 12, 16, -4, -8]}' --mode random --compare %s --tolerance 1 --quiet

// CHECK: [0, 0, 1, 1, 2, 0, -1]
func.func @main(%x: !mpc.add<7, 8>) -> !mpc.add<7, 6> {
  %r = mpc.extract %x : !mpc.add<7, 8> -> !mpc.add<7, 6>
  return %r : !mpc.add<7, 6>
}

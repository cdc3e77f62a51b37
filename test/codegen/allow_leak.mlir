// Tests that a kind of leakage that no pass leaves is refused, with the kinds there are.
// RUN: not mpcc compile --from=mpc %S/Inputs/layer.mlir -o %t --allow-leak=ring 2>&1 | FileCheck %s
// RUN: mpcc compile --from=mpc %S/Inputs/layer.mlir -o %t --allow-leak=softmax-max
// CHECK: --allow-leak: ring not in {softmax-max}

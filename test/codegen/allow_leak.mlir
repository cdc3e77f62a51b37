// Tests that leakage is refused unless its kind is allowed, that it is told to all, and what a kind that no pass leaves gets.
// RUN: not mpcc compile --from=mpc %S/Inputs/layer.mlir -o %t --allow-leak=ring 2>&1 | FileCheck %s
// RUN: not mpcc compile --from=mpc %S/Inputs/layer.mlir -o %t --allow-leak=softmax-max 2>&1 | FileCheck %s --check-prefix=COINS
// RUN: mpcc compile --from=mpc %S/Inputs/layer.mlir -o %t --allow-leak=softmax-max,rounding-coins | FileCheck %s --check-prefix=TOLD
// RUN: mpcc inspect %t/party0.plan | FileCheck %s --check-prefix=ALL
// RUN: mpcc inspect %t/party1.plan | FileCheck %s --check-prefix=ALL
// RUN: mpcc inspect %t/party2.plan | FileCheck %s --check-prefix=ALL
// RUN: mpcc compile --from=mpc --emit=program --allow-leak=rounding-coins %S/Inputs/layer.mlir -o %t.mlir
// RUN: not mpcc compile --from=program %t.mlir -o %t 2>&1 | FileCheck %s --check-prefix=COINS

// CHECK: --allow-leak: ring not in {softmax-max,softmax-bound,rounding-coins}
// COINS: error: 'mpc.extract' op rounds at random (operations of 'f' that do: 1): who asks
// COINS-SAME: allow it with --allow-leak=rounding-coins
// TOLD: declared leakage 'rounding-coins', 1 roundings at random, 4 elements: who asks one question again and again learns the weights behind them
// ALL-COUNT-3: P{{[0-2].*}}: declared leakage 'rounding-coins', 1 roundings at random, 4 elements

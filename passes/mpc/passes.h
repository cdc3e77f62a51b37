// SPDX-License-Identifier: Apache-2.0
// The passes on one function that computes on sharings, declared and documented in passes.td.
#ifndef MPCC_PASSES_MPC_PASSES_H_
#define MPCC_PASSES_MPC_PASSES_H_

#include <memory>

#include "ir/mpc/mpc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "runtime/plan/leak_kinds.h"

namespace mpcc {

// On an operation or a function (string, or array of strings): what was decided there by looking at
// private numbers. verify-no-leak accepts only the kinds that the model owner allowed.
inline constexpr llvm::StringLiteral kLeakAttr = "mpc.leak";
inline constexpr llvm::StringLiteral kSoftmaxMaxLeak = "softmax-max";
// No pass marks this one: verify-no-leak asks the operations.
inline constexpr llvm::StringLiteral kRoundingCoinsLeak = kRoundingCoins;

// The kinds that a model owner can allow, and what they tell (docs/threat-model.md).
struct LeakKind {
  llvm::StringLiteral name, tells;
};
inline constexpr LeakKind kLeakKinds[] = {
    {kSoftmaxMaxLeak, "no entry of an exponential table falls below a share of its largest"},
    {kRoundingCoinsLeak, "who asks one question again and again learns the weights behind them"}};

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/mpc/passes.h.inc"

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_PASSES_H_

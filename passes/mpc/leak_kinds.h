// SPDX-License-Identifier: Apache-2.0
// What a model owner can allow to be told of the model.
#ifndef MPCC_PASSES_MPC_LEAK_KINDS_H_
#define MPCC_PASSES_MPC_LEAK_KINDS_H_

#include "llvm/ADT/StringRef.h"
#include "runtime/plan/leak_kinds.h"

namespace mpcc {

// On an operation or a function (string, or array of strings): what was decided there by looking at
// private numbers. verify-no-leak accepts only the kinds that the model owner allowed.
inline constexpr llvm::StringLiteral kLeakAttr = "mpc.leak";
inline constexpr llvm::StringLiteral kSoftmaxMaxLeak = "softmax-max";
// Of a bound that the owner declares: allowed by declaring it.
inline constexpr llvm::StringLiteral kSoftmaxBoundLeak = "softmax-bound";
// No pass marks this one: verify-no-leak asks the operations.
inline constexpr llvm::StringLiteral kRoundingCoinsLeak = kRoundingCoins;

// The kinds that a model owner can allow, and what they tell (docs/threat-model.md).
struct LeakKind {
  llvm::StringLiteral name, tells;
};
inline constexpr LeakKind kLeakKinds[] = {
    {kSoftmaxMaxLeak, "no entry of an exponential table falls below a share of its largest"},
    {kSoftmaxBoundLeak, "a bound of the scores of softmax, which the owner declared"},
    {kRoundingCoinsLeak, "who asks one question again and again learns the weights behind them"}};

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_LEAK_KINDS_H_

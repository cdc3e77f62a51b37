// SPDX-License-Identifier: Apache-2.0
// The passes on one function that computes on sharings, declared and documented in passes.td.
#ifndef MPCC_PASSES_MPC_PASSES_H_
#define MPCC_PASSES_MPC_PASSES_H_

#include <memory>

#include "ir/mpc/mpc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mpcc {

// On an operation or a function (string, or array of strings): what was decided there by looking at
// private numbers. verify-no-leak accepts only the kinds that the model owner allowed.
inline constexpr llvm::StringLiteral kLeakAttr = "mpc.leak";
// The kinds that passes of this project leave (docs/threat-model.md).
inline constexpr llvm::StringLiteral kSoftmaxMaxLeak = "softmax-max";
inline constexpr llvm::StringLiteral kLeakKinds[] = {kSoftmaxMaxLeak};

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/mpc/passes.h.inc"

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_PASSES_H_

// SPDX-License-Identifier: Apache-2.0
// The policy of a module, as one attribute.
#ifndef MPCC_PASSES_POLICY_POLICY_ATTRIBUTE_H_
#define MPCC_PASSES_POLICY_POLICY_ATTRIBUTE_H_

#include "mlir/IR/BuiltinOps.h"
#include "passes/policy/policy.h"

namespace mpcc {

// Module attribute: a dictionary of what is not as in LoweringPolicy(), by the names of
// passes/policy/policy_keys.h; numbers are i64 or f64.
inline constexpr llvm::StringLiteral kPolicyAttr = "mpc.policy";

// The policy of the module around (or at) `op`. Failures have been reported on the module.
mlir::FailureOr<LoweringPolicy> PolicyOf(mlir::Operation* op);

void SetPolicy(mlir::ModuleOp module, const LoweringPolicy& policy);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_POLICY_ATTRIBUTE_H_

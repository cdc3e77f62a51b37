// SPDX-License-Identifier: Apache-2.0
// The passes after merge-openings, declared in passes.td, and the attributes they leave for
// codegen, but for those of ir/mpc/attributes.h.
#ifndef MPCC_PASSES_OFFLINE_PASSES_H_
#define MPCC_PASSES_OFFLINE_PASSES_H_

#include <memory>

#include "ir/mpc/mpc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace mpcc {

// On functions.
inline constexpr llvm::StringLiteral kMaterialBytesAttr = "mpc.material_bytes";  // i64
inline constexpr llvm::StringLiteral kArgumentSlotsAttr = "mpc.argument_slots";  // array<i64>
// On operations.
inline constexpr llvm::StringLiteral kSlotsAttr = "mpc.slots";  // array<i64>, one per result
inline constexpr llvm::StringLiteral kOffsetsAttr =
    "mpc.offsets";  // array<i64>, one per dealt vector

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/offline/passes.h.inc"

// hoist-to-offline, schedule-offline-tables, plan-buffers, annotate-cost.
void BuildOfflinePipeline(mlir::OpPassManager& pm);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_PASSES_H_

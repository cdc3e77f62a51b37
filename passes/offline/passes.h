// SPDX-License-Identifier: Apache-2.0
// The passes after merge-openings, declared in passes.td, and the attributes they leave for
// codegen.
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
inline constexpr llvm::StringLiteral kOfflineAttr =
    "mpc.offline";  // online function -> its offline one
inline constexpr llvm::StringLiteral kOnlineAttr = "mpc.online";                 // and back
inline constexpr llvm::StringLiteral kMaterialBytesAttr = "mpc.material_bytes";  // i64
inline constexpr llvm::StringLiteral kArgumentSlotsAttr = "mpc.argument_slots";  // array<i64>
inline constexpr llvm::StringLiteral kLayersAttr = "mpc.layers";  // array of {name, cost}
// On functions and operations.
inline constexpr llvm::StringLiteral kCostAttr = "mpc.cost";
// On operations.
inline constexpr llvm::StringLiteral kSlotsAttr = "mpc.slots";  // array<i64>, one per result
inline constexpr llvm::StringLiteral kOffsetsAttr =
    "mpc.offsets";                                              // array<i64>, one per dealt vector
inline constexpr llvm::StringLiteral kLayerAttr = "mpc.layer";  // i64 index into mpc.layers

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/offline/passes.h.inc"

// hoist-to-offline, schedule-offline-tables, plan-buffers, annotate-cost.
void BuildOfflinePipeline(mlir::OpPassManager& pm);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_PASSES_H_

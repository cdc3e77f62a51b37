// SPDX-License-Identifier: Apache-2.0
// What passes write for codegen and reports: disclosures, costs, layers.
#ifndef MPCC_IR_MPC_ATTRIBUTES_H_
#define MPCC_IR_MPC_ATTRIBUTES_H_

#include "ir/mpc/types.h"
#include "runtime/protocol/cost.h"
#define GET_ATTRDEF_CLASSES
#include "ir/mpc/mpc_attributes.h.inc"

namespace mpcc::mpc {

// On an online function, by verify-no-leak: an array of DisclosureAttr, P0 first.
inline constexpr llvm::StringLiteral kDisclosuresAttr = "mpc.disclosures";
// By annotate-cost. On an online function: an array of LayerAttr. On its operations: an i64, the
// index of their layer.
inline constexpr llvm::StringLiteral kLayersAttr = "mpc.layers";
inline constexpr llvm::StringLiteral kLayerAttr = "mpc.layer";
// By annotate-cost: a CostAttr, on an online function and its operations that cost something.
inline constexpr llvm::StringLiteral kCostAttr = "mpc.cost";
// By hoist-to-offline: on an online function the name of P0's, and back.
inline constexpr llvm::StringLiteral kOfflineAttr = "mpc.offline";
inline constexpr llvm::StringLiteral kOnlineAttr = "mpc.online";
// On functions: token ids that the program takes (i64); by `mpcc compile`.
inline constexpr llvm::StringLiteral kSequenceLengthAttr = "mpc.sequence_length";

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_ATTRIBUTES_H_

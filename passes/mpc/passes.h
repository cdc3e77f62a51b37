// SPDX-License-Identifier: Apache-2.0
// The passes on one function that computes on sharings, declared and documented in passes.td.
#ifndef MPCC_PASSES_MPC_PASSES_H_
#define MPCC_PASSES_MPC_PASSES_H_

#include <memory>

#include "ir/mpc/mpc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "passes/mpc/leak_kinds.h"

namespace mpcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/mpc/passes.h.inc"

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_PASSES_H_

// SPDX-License-Identifier: Apache-2.0
// Passes from nn to mpc (passes.td).
#ifndef MPCC_PASSES_LOWER_PASSES_H_
#define MPCC_PASSES_LOWER_PASSES_H_

#include <functional>
#include <memory>

#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mpcc {

#define GEN_PASS_DECL
#include "passes/lower/passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/lower/passes.h.inc"

// calibrate-ranges, which says how many of its random inputs have run, by one thread at a time.
std::unique_ptr<mlir::Pass> CreateCalibrateRanges(
    std::function<void(size_t done, size_t all)> progress);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_PASSES_H_

// SPDX-License-Identifier: Apache-2.0
// The passes on the nn dialect, declared and documented in passes.td.
#ifndef MPCC_PASSES_NN_PASSES_H_
#define MPCC_PASSES_NN_PASSES_H_

#include <memory>

#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace mpcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/nn/passes.h.inc"

// What brings an imported function into the canonical nn form: canonicalize-quantization,
// raise-composites, raise-saturation, raise-functions, canonicalize-quantization again, then the
// removal of unused and repeated ops.
void AddCanonicalNnPasses(mlir::OpPassManager& function_passes);

}  // namespace mpcc

#endif  // MPCC_PASSES_NN_PASSES_H_

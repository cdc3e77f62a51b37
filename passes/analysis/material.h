// SPDX-License-Identifier: Apache-2.0
// What the operations of a program cost, from the table in runtime/protocol/cost.h.
#ifndef MPCC_PASSES_ANALYSIS_MATERIAL_H_
#define MPCC_PASSES_ANALYSIS_MATERIAL_H_

#include "mlir/IR/Operation.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

// Number of stream numbers that `op` takes: one per mask drawn or vector dealt.
size_t StreamCount(mlir::Operation* op);

// Cost of one operation of an online function; setup_bytes are those of a linear's weight.
Cost CostOfOperation(mlir::Operation* op);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_MATERIAL_H_

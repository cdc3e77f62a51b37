// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_MPC_FLATTEN_READS_H_
#define MPCC_PASSES_MPC_FLATTEN_READS_H_

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Exact reads of values of the largest rank become reads of matrices with the same columns: the
// bits that are read of a value have an axis more than the value.
void FlattenDeepReads(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_FLATTEN_READS_H_

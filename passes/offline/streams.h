// SPDX-License-Identifier: Apache-2.0
// PRG stream numbers of masks, dealt vectors and weights.
#ifndef MPCC_PASSES_OFFLINE_STREAMS_H_
#define MPCC_PASSES_OFFLINE_STREAMS_H_

#include "llvm/ADT/ArrayRef.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Sets `streams` of every operation that draws masks or consumes dealt vectors: 0, 1, ... in
// program order. Depends on the structure only. Fails if the numbers do not fit 32 bits.
mlir::LogicalResult AssignStreams(mlir::func::FuncOp function);

// Sets `weight_stream` of every mpc.linear of the functions. The k-th linear of a function shares
// the number of the k-th of an earlier function if all their weights agree in number and type;
// within a function numbers are distinct. So the numbers of two models of one architecture are the
// same, whatever the values. Fails if weights that should be shared differ in value.
mlir::LogicalResult AssignWeightStreams(llvm::ArrayRef<mlir::func::FuncOp> functions);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_STREAMS_H_

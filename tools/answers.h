// SPDX-License-Identifier: Apache-2.0
// Answers of two forms of one network, in the clear.
#ifndef MPCC_TOOLS_ANSWERS_H_
#define MPCC_TOOLS_ANSWERS_H_

#include "frontend/samples.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// The least cosine of an answer on the first `most` samples, several at a time; 1 where none can be
// run.
double LeastCosine(mlir::func::FuncOp a, mlir::func::FuncOp b, const FittedSamples& samples,
                   size_t most);

// `count` random inputs of full length.
FittedSamples RandomSamples(mlir::func::FuncOp function, unsigned count);

}  // namespace mpcc

#endif  // MPCC_TOOLS_ANSWERS_H_

// SPDX-License-Identifier: Apache-2.0
// Files whose answers hang on roundings: no other computation of them gives the same, not even
// ONNX Runtime's on another processor.
#ifndef MPCC_TOOLS_UNSTABLE_H_
#define MPCC_TOOLS_UNSTABLE_H_

#include <vector>

#include "frontend/samples.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// One warning where a noise of kRoundingNoise of a step before each quantizer of canonical networks
// takes an answer on the first samples below a cosine of 0.99, with the quantizers that round most
// of what they read to zero. One function a length in both lists.
void WarnOfUnstable(llvm::ArrayRef<mlir::func::FuncOp> functions,
                    const std::vector<FittedSamples>& samples);

}  // namespace mpcc

#endif  // MPCC_TOOLS_UNSTABLE_H_

// SPDX-License-Identifier: Apache-2.0
// How large what the data owner computes, and what the file holds, may get.
#ifndef MPCC_PASSES_ANALYSIS_MAGNITUDE_H_
#define MPCC_PASSES_ANALYSIS_MAGNITUDE_H_

#include "ir/nn/visibility.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// The largest magnitude of the visible values and the constants of a function, as far as its
// operations and constants tell: what inputs hold is taken for small, but a mask for what it adds.
// Infinite where a number may stand for infinity, as the logarithm of a mask. One walk; stale after
// a rewrite.
class MagnitudeAnalysis {
 public:
  MagnitudeAnalysis(mlir::func::FuncOp function, const nn::VisibilityAnalysis& visibility);

  // 0 for what is neither visible nor a constant, and for large tables of lookups.
  double Of(mlir::Value value) const { return known_.lookup(value); }
  // Whether elements may stand for infinity in an additive mask (nn::kUnbounded).
  bool MayStandForInfinity(mlir::Value value) const;

 private:
  llvm::DenseMap<mlir::Value, double> known_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_MAGNITUDE_H_

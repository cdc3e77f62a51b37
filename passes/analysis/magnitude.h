// SPDX-License-Identifier: Apache-2.0
// How large what the data owner computes, and what the file holds, may get.
#ifndef MPCC_PASSES_ANALYSIS_MAGNITUDE_H_
#define MPCC_PASSES_ANALYSIS_MAGNITUDE_H_

#include "ir/nn/visibility.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

struct Ends {
  double low = 0, high = 0;
};

// Between which ends the visible values and the constants of a function lie, as far as its
// operations and constants tell: what inputs hold is taken for small, also where it is divided by
// or raised, so that only a constant of that size and the logarithm of 0 stand for infinity. One
// walk; stale after a rewrite.
class MagnitudeAnalysis {
 public:
  MagnitudeAnalysis(mlir::func::FuncOp function, const nn::VisibilityAnalysis& visibility);

  // [0, 0] for what is neither visible nor a constant, and for large tables.
  Ends Of(mlir::Value value) const { return known_.lookup(value); }
  // Whether elements may stand for infinity in an additive mask (nn::kUnbounded).
  bool MayStandForInfinity(mlir::Value value) const;

 private:
  llvm::DenseMap<mlir::Value, Ends> known_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_MAGNITUDE_H_

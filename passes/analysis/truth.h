// SPDX-License-Identifier: Apache-2.0
// Which reals of the nn dialect are truth values.
#ifndef MPCC_PASSES_ANALYSIS_TRUTH_H_
#define MPCC_PASSES_ANALYSIS_TRUTH_H_

#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// The reals of a function that are 0 or 1 by the ops that make them: casts of booleans, and
// products, largest elements and rearrangements of such reals. One walk; stale after a rewrite.
class TruthAnalysis {
 public:
  explicit TruthAnalysis(mlir::func::FuncOp function);

  bool IsTruth(mlir::Value value) const { return truths_.contains(value); }

 private:
  llvm::DenseSet<mlir::Value> truths_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_TRUTH_H_

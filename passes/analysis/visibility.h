// SPDX-License-Identifier: Apache-2.0
// Who may see a value of the nn dialect.
#ifndef MPCC_PASSES_ANALYSIS_VISIBILITY_H_
#define MPCC_PASSES_ANALYSIS_VISIBILITY_H_

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

enum class Visibility {
  kPublic,  // public parameters and what is computed from them
  kData,    // arguments of the data owner, and what is computed from them and public values
  kSecret,  // everything that a private parameter takes part in
};

// Forward dataflow over one function: a result is as visible as its least visible operand.
class VisibilityAnalysis {
 public:
  explicit VisibilityAnalysis(mlir::func::FuncOp function);

  Visibility Of(mlir::Value value) const;
  // True if the data owner can compute the value alone.
  bool IsVisible(mlir::Value value) const { return Of(value) != Visibility::kSecret; }
  // True if the value is secret, or an operation with a secret result reads it.
  bool EntersSecrets(mlir::Value value) const;

 private:
  llvm::DenseMap<mlir::Value, Visibility> known_;
};

// The same question about one value, by walking back from it; for rewrites, where an analysis would
// be stale.
bool IsVisibleToDataOwner(mlir::Value value);

// The reals of a function that are 0 or 1 by the ops that make them: casts of booleans, and
// products, largest elements and rearrangements of such reals.
class TruthAnalysis {
 public:
  explicit TruthAnalysis(mlir::func::FuncOp function);

  bool IsTruth(mlir::Value value) const { return truths_.contains(value); }

 private:
  llvm::DenseSet<mlir::Value> truths_;
};

// The same question about one value, by walking back from it.
bool IsTruthValue(mlir::Value value);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_VISIBILITY_H_

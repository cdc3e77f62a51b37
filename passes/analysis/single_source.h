// SPDX-License-Identifier: Apache-2.0
// Which secret values are functions of one other value, element by element.
#ifndef MPCC_PASSES_ANALYSIS_SINGLE_SOURCE_H_
#define MPCC_PASSES_ANALYSIS_SINGLE_SOURCE_H_

#include "ir/nn/nn.h"
#include "ir/nn/visibility.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// The number that all elements of a constant hold, repeated or not; nothing for other values.
std::optional<double> ScalarOf(mlir::Value value);

// Dominators of the graph of elementwise ops: between a value and its source there are only
// elementwise ops and constant scalars, and no way around the source. Stale after a rewrite.
class SingleSource {
 public:
  explicit SingleSource(mlir::func::FuncOp function);

  // The nearest such value, of the same shape; null if there is none.
  mlir::Value Of(mlir::Value value) const { return source_.lookup(value); }

 private:
  mlir::Value SourceOf(mlir::Operation* op) const;
  mlir::Value Meet(mlir::Value a, mlir::Value b) const;

  nn::VisibilityAnalysis visibility_;
  llvm::DenseMap<mlir::Value, mlir::Value> source_;
  llvm::DenseMap<mlir::Value, int64_t> order_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_SINGLE_SOURCE_H_

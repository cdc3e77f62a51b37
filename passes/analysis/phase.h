// SPDX-License-Identifier: Apache-2.0
// What of a program needs no online message: dataflow from fresh masks and private constants.
//
// P0 knows a private constant wholly and of a replicated value its mask components, if these follow
// from masks it drew: fresh ones (input, reshare) or the same operation on the operands' masks
// (structural and linear ops, join). That is all a dealt operation's vectors depend on, so P0's
// whole part of the computation can be done before the inference.
#ifndef MPCC_PASSES_ANALYSIS_PHASE_H_
#define MPCC_PASSES_ANALYSIS_PHASE_H_

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// What P0 knows of a value before the inference, from least to most.
enum class Knowledge { kNothing, kMask, kValue };

class PhaseAnalysis {
 public:
  // REQUIRES: `function` has one block.
  explicit PhaseAnalysis(mlir::func::FuncOp function);

  Knowledge Of(mlir::Value value) const { return knowledge_.lookup(value); }
  // Some dealt vector depends on this mask or constant.
  bool IsNeededOffline(mlir::Value value) const { return needed_.contains(value); }

  // Success if P0 can deal for every operation; otherwise a diagnostic at the first one it cannot.
  mlir::LogicalResult CheckDealable() const;

 private:
  void Visit(mlir::Operation* op);
  void MarkNeeded(mlir::Operation* op);

  mlir::func::FuncOp function_;
  llvm::DenseMap<mlir::Value, Knowledge> knowledge_;
  llvm::DenseSet<mlir::Value> needed_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_PHASE_H_

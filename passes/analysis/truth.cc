// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/truth.h"

#include "ir/nn/nn.h"

namespace mpcc {

// A boolean as a number.
static bool IsCastBoolean(mlir::Operation* op) {
  auto unary = llvm::dyn_cast_or_null<nn::UnaryOp>(op);
  if (!unary || unary.getKind() != nn::UnaryKind::cast) return false;
  return llvm::cast<mlir::ShapedType>(unary.getInput().getType()).getElementType().isInteger(1);
}

// What is 0 or 1 if its operands are.
static bool KeepsTruth(mlir::Operation* op) {
  auto binary = llvm::dyn_cast_or_null<nn::BinaryOp>(op);
  auto reduce = llvm::dyn_cast_or_null<nn::ReduceOp>(op);
  return llvm::isa_and_present<nn::ReshapeOp, nn::BroadcastOp, nn::SliceOp>(op) ||
         (binary && binary.getKind() == nn::BinaryKind::mul) ||
         (reduce && reduce.getKind() == nn::ReduceKind::max);
}

TruthAnalysis::TruthAnalysis(mlir::func::FuncOp function) {
  for (mlir::Operation& op : function.getBody().front()) {
    if (op.getNumResults() != 1) continue;
    const bool kept = KeepsTruth(&op) && llvm::all_of(op.getOperands(), [this](mlir::Value value) {
                        return IsTruth(value);
                      });
    if (kept || IsCastBoolean(&op)) truths_.insert(op.getResult(0));
  }
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/visibility.h"

#include "ir/nn/nn.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

Visibility OfArgument(mlir::BlockArgument argument) {
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(argument.getOwner()->getParentOp());
  const bool data = function && function.getArgAttr(argument.getArgNumber(), nn::kOwnerAttr);
  return data ? Visibility::kData : Visibility::kSecret;
}

Visibility OfConstant(nn::ConstantOp op) {
  return op.getIsPublic() ? Visibility::kPublic : Visibility::kSecret;
}

}  // namespace

VisibilityAnalysis::VisibilityAnalysis(mlir::func::FuncOp function) {
  for (mlir::BlockArgument argument : function.getArguments())
    known_[argument] = OfArgument(argument);
  function.walk([&](mlir::Operation* op) {
    auto result = Visibility::kPublic;
    if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op)) result = OfConstant(constant);
    for (mlir::Value operand : op->getOperands()) result = std::max(result, Of(operand));
    for (mlir::Value value : op->getResults()) known_[value] = result;
  });
}

Visibility VisibilityAnalysis::Of(mlir::Value value) const {
  auto found = known_.find(value);
  return found == known_.end() ? Visibility::kSecret : found->second;
}

bool VisibilityAnalysis::EntersSecrets(mlir::Value value) const {
  return !IsVisible(value) || llvm::any_of(value.getUsers(), [this](mlir::Operation* user) {
    return user->getNumResults() == 1 && !IsVisible(user->getResult(0));
  });
}

bool IsVisibleToDataOwner(mlir::Value root) {
  llvm::SmallVector<mlir::Value> open{root};
  llvm::DenseSet<mlir::Value> seen;
  while (!open.empty()) {
    mlir::Value value = open.pop_back_val();
    if (!seen.insert(value).second) continue;
    if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(value)) {
      if (OfArgument(argument) == Visibility::kSecret) return false;
      continue;
    }
    mlir::Operation* op = value.getDefiningOp();
    auto constant = llvm::dyn_cast<nn::ConstantOp>(op);
    if (constant && !constant.getIsPublic()) return false;
    open.append(op->operand_begin(), op->operand_end());
  }
  return true;
}

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

bool IsTruthValue(mlir::Value root) {
  llvm::SmallVector<mlir::Value> open{root};
  llvm::DenseSet<mlir::Value> seen;
  while (!open.empty()) {
    mlir::Value value = open.pop_back_val();
    mlir::Operation* op = value.getDefiningOp();
    if (!seen.insert(value).second || IsCastBoolean(op)) continue;
    if (!KeepsTruth(op)) return false;
    open.append(op->operand_begin(), op->operand_end());
  }
  return true;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "frontend/mark_public.h"

#include "ir/nn/nn.h"
#include "llvm/ADT/DenseSet.h"

namespace mpcc {
namespace {

using Values = llvm::DenseSet<mlir::Value>;

// A parameter: a constant, or a constant that is only dequantized or rearranged.
bool IsParameter(mlir::Value value) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return false;
  if (llvm::isa<nn::ConstantOp>(op)) return true;
  return llvm::isa<nn::DequantizeOp, nn::TransposeOp, nn::ReshapeOp>(op) &&
         IsParameter(op->getOperand(0));
}

bool IsVisible(mlir::Operation* op, const Values& visible) {
  bool from_data = false;
  for (mlir::Value operand : op->getOperands()) {
    if (visible.contains(operand)) {
      from_data = true;
    } else if (!IsParameter(operand)) {
      return false;
    }
  }
  if (!from_data) return false;
  if (llvm::isa<nn::LinearOp>(op)) return false;
  if (auto product = llvm::dyn_cast<nn::MatMulOp>(op))
    return visible.contains(product.getLhs()) && visible.contains(product.getRhs());
  return true;
}

// The public twin of a parameter for the use `operand`.
void MakePublic(mlir::OpOperand& operand, const llvm::DenseSet<mlir::Operation*>& visible_ops) {
  mlir::Operation* op = operand.get().getDefiningOp();
  const bool shared = llvm::any_of(
      op->getUsers(), [&](mlir::Operation* user) { return !visible_ops.contains(user); });
  if (shared) {
    mlir::OpBuilder builder(op);
    op = builder.clone(*op);
    operand.set(op->getResult(0));
  }
  if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op)) {
    constant.setIsPublic(true);
    return;
  }
  llvm::DenseSet<mlir::Operation*> self = visible_ops;
  self.insert(op);
  MakePublic(op->getOpOperand(0), self);
}

}  // namespace

void MarkPublic(mlir::func::FuncOp function) {
  Values visible(function.getArguments().begin(), function.getArguments().end());
  llvm::DenseSet<mlir::Operation*> visible_ops;
  llvm::SmallVector<mlir::Operation*> order;
  for (mlir::Operation& op : function.getBody().front().without_terminator()) {
    if (!IsVisible(&op, visible)) continue;
    visible.insert(op.getResult(0));
    visible_ops.insert(&op);
    order.push_back(&op);
  }
  for (mlir::Operation* op : order) {
    for (mlir::OpOperand& operand : op->getOpOperands())
      if (!visible.contains(operand.get())) MakePublic(operand, visible_ops);
  }
}

}  // namespace mpcc

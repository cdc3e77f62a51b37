// SPDX-License-Identifier: Apache-2.0
#include "frontend/carriers.h"

#include "ir/nn/nn.h"

namespace mpcc {
namespace {

bool Carries(mlir::Operation* op) {
  auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
  return (unary && unary.getKind() == nn::UnaryKind::cast) ||
         llvm::isa<nn::ReshapeOp, nn::TransposeOp, nn::BroadcastOp, nn::SliceOp, nn::QuantizeOp,
                   nn::DequantizeOp>(op);
}

}  // namespace

mlir::Value Root(mlir::Value value) {
  while (mlir::Operation* op = value.getDefiningOp()) {
    if (!Carries(op)) break;
    value = op->getOperand(0);
  }
  return value;
}

std::vector<mlir::OpOperand*> Readers(mlir::Value value) {
  std::vector<mlir::OpOperand*> readers;
  std::vector<mlir::Value> open{value};
  while (!open.empty()) {
    const mlir::Value carried = open.back();
    open.pop_back();
    for (mlir::OpOperand& use : carried.getUses()) {
      if (Carries(use.getOwner()))
        open.push_back(use.getOwner()->getResult(0));
      else
        readers.push_back(&use);
    }
  }
  return readers;
}

}  // namespace mpcc

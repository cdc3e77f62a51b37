// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/round_depth.h"

#include <algorithm>

#include "ir/mpc/mpc.h"

namespace mpcc {
namespace {

bool HoldsShares(mlir::Operation* op) {
  return llvm::any_of(op->getResultTypes(),
                      [](mlir::Type type) { return llvm::isa<mpc::ShareType>(type); });
}

}  // namespace

bool IsExchange(mlir::Operation* op) {
  return llvm::isa<mpc::InputOp, mpc::ReshareOp, mpc::RevealOp>(op);
}

RoundDepth::RoundDepth(mlir::Block& block) {
  for (mlir::Operation& op : block) {
    stages_[&op] = EarliestStage(&op);
    last_ = std::max(last_, stages_[&op]);
    if (llvm::isa<mpc::ReshareOp>(op)) rounds_ = std::max(rounds_, stages_[&op]);
  }
  for (mlir::Operation& op : llvm::reverse(block)) {
    if (llvm::isa<mpc::RevealOp>(op)) stages_[&op] = last_;
    if (!llvm::isa<mpc::ConstantOp>(op)) continue;
    unsigned first = last_;
    for (mlir::Operation* user : op.getUsers()) first = std::min(first, StageOf(user));
    stages_[&op] = first;
  }
}

unsigned RoundDepth::StageOfValue(mlir::Value value) const {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return llvm::isa<mpc::ShareType>(value.getType()) ? 1 : 0;
  return StageOf(op) + (llvm::isa<mpc::InputOp, mpc::ReshareOp>(op) ? 1 : 0);
}

unsigned RoundDepth::EarliestStage(mlir::Operation* op) const {
  unsigned stage = HoldsShares(op) && !llvm::isa<mpc::InputOp>(op) ? 1 : 0;
  for (mlir::Value operand : op->getOperands()) stage = std::max(stage, StageOfValue(operand));
  return stage;
}

}  // namespace mpcc

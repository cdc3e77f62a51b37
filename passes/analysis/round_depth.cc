// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/round_depth.h"

#include <algorithm>

#include "ir/mpc/mpc.h"

namespace mpcc {
namespace {

using mpc::Role;

// Both P1 and P2 send.
bool IsTwoWay(mlir::Operation* op) {
  if (!mpc::IsExchange(op)) return false;
  const CostRow& row = CostOf(*llvm::cast<mpc::ProtocolOp>(op).getCostOperation());
  return row.p1_sends && row.p2_sends;
}

bool HoldsShares(mlir::Operation* op) {
  return llvm::any_of(op->getResultTypes(),
                      [](mlir::Type type) { return llvm::isa<mpc::ShareType>(type); });
}

// A one-way exchange that masks: of plaintext, which waits for nobody.
bool IsInput(mlir::Operation* op) { return mpc::RoleOf(op) == Role::kDrawsMasks && !IsTwoWay(op); }

}  // namespace

RoundDepth::RoundDepth(mlir::Block& block) {
  for (mlir::Operation& op : block) {
    stages_[&op] = EarliestStage(&op);
    last_ = std::max(last_, stages_[&op]);
    if (IsTwoWay(&op)) rounds_ = std::max(rounds_, stages_[&op]);
  }
  for (mlir::Operation& op : llvm::reverse(block)) {
    const Role role = mpc::RoleOf(&op);
    if (mpc::IsExchange(&op) && role != Role::kDrawsMasks) stages_[&op] = last_;
    if (role != Role::kConstant) continue;
    unsigned first = last_;
    for (mlir::Operation* user : op.getUsers()) first = std::min(first, StageOf(user));
    stages_[&op] = first;
  }
}

unsigned RoundDepth::StageOfValue(mlir::Value value) const {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return llvm::isa<mpc::ShareType>(value.getType()) ? 1 : 0;
  return StageOf(op) + (mpc::RoleOf(op) == Role::kDrawsMasks ? 1 : 0);
}

unsigned RoundDepth::EarliestStage(mlir::Operation* op) const {
  unsigned stage = HoldsShares(op) && !IsInput(op) ? 1 : 0;
  for (mlir::Value operand : op->getOperands()) stage = std::max(stage, StageOfValue(operand));
  return stage;
}

}  // namespace mpcc

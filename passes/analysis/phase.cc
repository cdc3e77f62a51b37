// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/phase.h"

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"

namespace mpcc {
using mpc::Role;

PhaseAnalysis::PhaseAnalysis(mlir::func::FuncOp function) : function_(function) {
  mlir::Block& block = function.getBody().front();
  for (mlir::Operation& op : block) Visit(&op);
  for (mlir::Operation& op : llvm::reverse(block)) MarkNeeded(&op);
}

void PhaseAnalysis::Visit(mlir::Operation* op) {
  Knowledge known = Knowledge::kNothing;
  switch (mpc::RoleOf(op)) {
    case Role::kConstant:
      known = Knowledge::kValue;
      break;
    case Role::kDrawsMasks:
      known = Knowledge::kMask;
      break;
    case Role::kLocal:
      if (llvm::all_of(op->getOperands(), [&](mlir::Value v) { return Of(v) == Knowledge::kMask; }))
        known = Knowledge::kMask;
      break;
    case Role::kOnline:
    case Role::kDeals:
    case Role::kAbstract:
    case Role::kAtP0:
      break;
  }
  for (mlir::Value result : op->getResults()) knowledge_[result] = known;
}

void PhaseAnalysis::MarkNeeded(mlir::Operation* op) {
  const Role role = mpc::RoleOf(op);
  const bool feeds_needed =
      role == Role::kLocal &&
      llvm::any_of(op->getResults(), [&](mlir::Value v) { return IsNeededOffline(v); });
  if (role == Role::kDeals || feeds_needed) needed_.insert(op->operand_begin(), op->operand_end());
}

mlir::LogicalResult PhaseAnalysis::CheckDealable() const {
  mlir::func::FuncOp function = function_;
  for (mlir::Operation& op : function.getBody().front()) {
    if (mpc::IsAbstract(&op))
      return op.emitOpError() << "is abstract; run 'insert-share-conversions' first";
    if (mpc::RoleOf(&op) != Role::kDeals) continue;
    for (auto [index, operand] : llvm::enumerate(op.getOperands()))
      if (Of(operand) == Knowledge::kNothing)
        return op.emitOpError() << "operand #" << index << " of type " << operand.getType()
                                << " is unknown to P0 before the inference; it must be a "
                                   "replicated share whose mask P0 drew, or a private constant";
  }
  return mlir::success();
}

}  // namespace mpcc

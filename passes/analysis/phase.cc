// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/phase.h"

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"

namespace mpcc {
namespace {

using mpc::ShareType;

bool IsRss(mlir::Value value) {
  auto type = llvm::dyn_cast<ShareType>(value.getType());
  return type && type.isRss();
}

bool IsAbstract(mlir::Operation* op) { return llvm::isa<mpc::LiftOp, mpc::RowMaxOp>(op); }

}  // namespace

Role RoleOf(mlir::Operation* op) {
  if (llvm::isa<mpc::ConstantOp>(op)) return Role::kConstant;
  if (llvm::isa<mpc::InputOp, mpc::ReshareOp>(op)) return Role::kDrawsMasks;
  if (llvm::isa<mpc::LinearOp, mpc::MatMulOp, mpc::DotOp, mpc::ProductOp, mpc::LutOp, mpc::Lut2Op,
                mpc::ExpOp, mpc::WrapOp>(op))
    return Role::kDeals;
  const bool replicated = op->getNumResults() == 1 && IsRss(op->getResult(0));
  return replicated && llvm::all_of(op->getOperands(), IsRss) ? Role::kMaskArithmetic
                                                              : Role::kOnline;
}

PhaseAnalysis::PhaseAnalysis(mlir::func::FuncOp function) : function_(function) {
  mlir::Block& block = function.getBody().front();
  for (mlir::Operation& op : block) Visit(&op);
  for (mlir::Operation& op : llvm::reverse(block)) MarkNeeded(&op);
}

void PhaseAnalysis::Visit(mlir::Operation* op) {
  Knowledge known = Knowledge::kNothing;
  switch (RoleOf(op)) {
    case Role::kConstant:
      known = Knowledge::kValue;
      break;
    case Role::kDrawsMasks:
      known = Knowledge::kMask;
      break;
    case Role::kMaskArithmetic:
      if (llvm::all_of(op->getOperands(), [&](mlir::Value v) { return Of(v) == Knowledge::kMask; }))
        known = Knowledge::kMask;
      break;
    case Role::kOnline:
    case Role::kDeals:
      break;
  }
  for (mlir::Value result : op->getResults()) knowledge_[result] = known;
}

void PhaseAnalysis::MarkNeeded(mlir::Operation* op) {
  const Role role = RoleOf(op);
  const bool feeds_needed =
      role == Role::kMaskArithmetic &&
      llvm::any_of(op->getResults(), [&](mlir::Value v) { return IsNeededOffline(v); });
  if (role == Role::kDeals || feeds_needed) needed_.insert(op->operand_begin(), op->operand_end());
}

mlir::LogicalResult PhaseAnalysis::CheckDealable() const {
  mlir::func::FuncOp function = function_;
  for (mlir::Operation& op : function.getBody().front()) {
    if (IsAbstract(&op))
      return op.emitOpError() << "is abstract; run 'insert-share-conversions' first";
    if (RoleOf(&op) != Role::kDeals) continue;
    for (auto [index, operand] : llvm::enumerate(op.getOperands()))
      if (Of(operand) == Knowledge::kNothing)
        return op.emitOpError() << "operand #" << index << " of type " << operand.getType()
                                << " is unknown to P0 before the inference; it must be a "
                                   "replicated share whose mask P0 drew, or a private constant";
  }
  return mlir::success();
}

}  // namespace mpcc

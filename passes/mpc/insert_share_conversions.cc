// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/MapVector.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/mpc/openings.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_INSERTSHARECONVERSIONS
#include "passes/mpc/passes.h.inc"

namespace {

using mpc::ShareKind;
using mpc::ShareType;

// Of several lifts of one wire the widest is kept; the others are its residues.
void KeepWidestLifts(mlir::func::FuncOp function) {
  llvm::MapVector<std::pair<mlir::Value, unsigned>, llvm::SmallVector<mpc::LiftOp>> lifts;
  function.walk([&](mpc::LiftOp op) { lifts[{op.getInput(), op.getIsUnsigned()}].push_back(op); });
  for (auto& [key, group] : lifts) {
    if (group.size() == 1) continue;
    mpc::LiftOp widest = *llvm::max_element(group, [](mpc::LiftOp a, mpc::LiftOp b) {
      return a.getType().getWidth() < b.getType().getWidth();
    });
    widest->moveBefore(group.front());
    for (mpc::LiftOp op : group) {
      if (op == widest) continue;
      mlir::OpBuilder builder(op);
      op.replaceAllUsesWith(
          builder.create<mpc::ResizeOp>(op.getLoc(), op.getType(), widest.getResult()).getResult());
      op.erase();
    }
  }
}

// With |x| < 2^(k-2), x + 2^(k-2) is within [0, 2^(k-1)), as mpc.wrap needs. The offset moves the
// masked value only, so the opening is that of x.
void ExpandLift(mpc::LiftOp op, Openings& openings) {
  ShareType type = op.getType();
  mlir::Value low = openings.Open(op.getInput());
  auto low_type = llvm::cast<ShareType>(low.getType());
  int64_t offset = op.getIsUnsigned() ? 0 : int64_t{1} << (low_type.getWidth() - 2);
  ShareType wraps_type = low_type.withWidth(type.getWidth() - low_type.getWidth());

  mlir::OpBuilder builder(op);
  mlir::Location loc = op.getLoc();
  auto shifted = [&](mlir::Value x, int64_t by) -> mlir::Value {
    return by == 0 ? x : builder.create<mpc::AddPublicOp>(loc, x, by).getResult();
  };
  low = shifted(low, offset);
  mlir::Value wraps = builder.create<mpc::WrapOp>(loc, wraps_type.withKind(ShareKind::add), low,
                                                  mlir::DenseI64ArrayAttr());
  auto opened =
      builder.create<mpc::ReshareOp>(loc, mlir::ValueRange(wraps), mlir::DenseI64ArrayAttr());
  mlir::Value joined = builder.create<mpc::JoinOp>(loc, low, opened.getResult(0));
  op.replaceAllUsesWith(shifted(joined, -offset));
  op.erase();
}

// A local operation with an additive result computes on additive shares.
bool NeedsAdditive(mlir::Operation* op) {
  if (mpc::RoleOf(op) != mpc::Role::kLocal) return false;
  return llvm::cast<ShareType>(op->getResult(0).getType()).isAdd();
}

void EraseDeadOps(mlir::func::FuncOp function) {
  for (mlir::Block& block : function.getBody())
    for (mlir::Operation& op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (mlir::isOpTriviallyDead(&op)) op.erase();
}

// Algorithm:
//   1. Of several lifts of one wire keep the widest.
//   2. Find the wires that are needed replicated (Openings).
//   3. In program order give each operation the sharing it computes with, expanding lifts.
//   4. Drop additive views whose only readers now read the opened wire.
struct InsertShareConversions : impl::InsertShareConversionsBase<InsertShareConversions> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    KeepWidestLifts(function);
    Openings openings(function);
    llvm::SmallVector<mlir::Operation*> ops;
    function.walk([&](mlir::Operation* op) { ops.push_back(op); });
    for (mlir::Operation* op : ops) Convert(op, openings);
    EraseDeadOps(function);
  }

  static void Convert(mlir::Operation* op, Openings& openings) {
    if (auto lift = llvm::dyn_cast<mpc::LiftOp>(op)) return ExpandLift(lift, openings);
    for (mlir::OpOperand& operand : op->getOpOperands()) {
      auto type = llvm::dyn_cast<ShareType>(operand.get().getType());
      if (!type) continue;
      if (mpc::NeedsReplicated(op) && type.isAdd()) operand.set(openings.Open(operand.get()));
      if (NeedsAdditive(op) && type.isRss()) operand.set(openings.OpenFree(operand.get()));
    }
  }
};

}  // namespace
}  // namespace mpcc

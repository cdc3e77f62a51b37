// SPDX-License-Identifier: Apache-2.0
#include "passes/mpc/openings.h"

#include "mlir/IR/IRMapping.h"

namespace mpcc {
namespace {

using mpc::ShareKind;
using mpc::ShareType;

ShareType Share(mlir::Value value) { return llvm::dyn_cast<ShareType>(value.getType()); }

// x and the result determine each other, so opening x opens both.
bool IsInvertible(mlir::Operation* op) {
  auto protocol = llvm::dyn_cast<mpc::ProtocolOp>(op);
  return protocol && protocol.isInvertible();
}

// Computed alike on the masked value and on the masks.
bool IsLocalOnReplicated(mlir::Operation* op) { return mpc::RoleOf(op) == mpc::Role::kLocal; }

// The wire that is opened for the sake of `value`.
mlir::Value WireOf(mlir::Value value) {
  while (mlir::Operation* op = value.getDefiningOp()) {
    if (!IsInvertible(op)) break;
    value = op->getOperand(0);
  }
  return value;
}

}  // namespace

Openings::Openings(mlir::func::FuncOp function) : builder_(function.getContext()) {
  function.walk([&](mlir::Operation* op) {
    if (!mpc::NeedsReplicated(op)) return;
    for (mlir::Value operand : op->getOperands()) Require(operand);
  });
}

void Openings::Require(mlir::Value value) {
  if (Share(value) && Share(value).isAdd()) required_.insert(WireOf(value));
}

bool Openings::IsOpened(mlir::Value value) const {
  if (Share(value).isRss() || required_.contains(value)) return true;
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return false;
  if (llvm::isa<mpc::OpenFreeOp>(op)) return true;
  return IsLocalOnReplicated(op) &&
         llvm::all_of(op->getOperands(), [&](mlir::Value operand) { return IsOpened(operand); });
}

mlir::Value Openings::Open(mlir::Value value) {
  if (Share(value).isRss()) return value;
  if (mlir::Value known = opened_.lookup(value)) return known;
  mlir::Operation* op = value.getDefiningOp();
  mlir::Value result;
  if (op && llvm::isa<mpc::OpenFreeOp>(op)) {
    result = op->getOperand(0);
  } else if (op && IsLocalOnReplicated(op) &&
             llvm::all_of(op->getOperands(), [&](mlir::Value v) { return IsOpened(v); })) {
    result = ApplyToOpened(op);
  } else {
    result = Reshare(value);
  }
  return opened_[value] = result;
}

mlir::Value Openings::ApplyToOpened(mlir::Operation* op) {
  mlir::IRMapping mapping;
  for (mlir::Value operand : op->getOperands()) mapping.map(operand, Open(operand));
  builder_.setInsertionPointAfter(op);
  mlir::Operation* copy = builder_.clone(*op, mapping);
  copy->getResult(0).setType(Share(op->getResult(0)).withKind(ShareKind::rss));
  return copy->getResult(0);
}

mlir::Value Openings::Reshare(mlir::Value value) {
  builder_.setInsertionPointAfterValue(value);
  return builder_
      .create<mpc::ReshareOp>(value.getLoc(), mlir::ValueRange(value), mlir::DenseI64ArrayAttr())
      .getResult(0);
}

mlir::Value Openings::OpenFree(mlir::Value value) {
  if (!Share(value).isRss()) return value;
  mlir::Value& freed = freed_[value];
  if (!freed) {
    builder_.setInsertionPointAfterValue(value);
    freed = builder_.create<mpc::OpenFreeOp>(value.getLoc(), value);
  }
  return freed;
}

}  // namespace mpcc

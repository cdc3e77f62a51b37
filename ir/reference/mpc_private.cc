// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_private.h"

#include "ir/mpc/constants.h"
#include "ir/reference/mpc_scope.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {

PrivateValues::PrivateValues(mlir::func::FuncOp offline) {
  if (!offline) return;
  offline.walk([&](mpc::DealOp deal) {
    if (!deal.getStreams().empty()) deals_[deal.getStreams()[0]] = deal;
  });
}

absl::StatusOr<mlir::Value> PrivateValues::Unsealed(mlir::OpOperand& operand) const {
  if (!operand.get().getDefiningOp<mpc::SealedOp>()) return operand.get();
  mlir::Operation* op = operand.getOwner();
  const llvm::ArrayRef<int64_t> streams = mpc::StreamsOf(op);
  if (streams.empty()) return OpError(op, "reads a sealed value and has no streams");
  auto deal = deals_.find(streams[0]);
  if (deal == deals_.end() || deal->second->getNumOperands() <= operand.getOperandNumber())
    return OpError(op, "reads a sealed value that no mpc.deal of an offline function has");
  return deal->second->getOperand(operand.getOperandNumber());
}

absl::StatusOr<Ring> PrivateValues::Read(mlir::OpOperand& operand) const {
  MPCC_ASSIGN_OR_RETURN(mlir::Value value, Unsealed(operand));
  std::optional<llvm::SmallVector<uint64_t>> elements = mpc::ReadConstant(value);
  if (!elements) return OpError(operand.getOwner(), "reads a private value that is no constant");
  return Ring(elements->begin(), elements->end());
}

}  // namespace mpcc::reference

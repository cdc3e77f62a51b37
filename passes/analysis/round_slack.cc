// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/round_slack.h"

#include <algorithm>

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc {
namespace {

// Rounds between what an operation reads, opened, and its result.
int LeastRounds(mlir::Operation* op) {
  return llvm::TypeSwitch<mlir::Operation*, int>(op)
      .Case<mpc::TruncateOp, mpc::PublicLutOp, mpc::PrivateLutOp, mpc::SaturateOp, mpc::StaircaseOp,
            mpc::LeadingLutOp, mpc::LiftOp, mpc::ReshareOp>([](auto) { return 1; })
      .Default([](auto) { return 0; });
}

bool ReadsOpened(mlir::Operation* op) {
  return mpc::NeedsReplicated(op) ||
         llvm::isa<mpc::TruncateOp, mpc::PublicLutOp, mpc::PrivateLutOp, mpc::SaturateOp,
                   mpc::StaircaseOp, mpc::LeadingLutOp>(op);
}

// The opening of an operand, where it is not replicated.
int OpeningOf(mlir::Operation* op, mlir::Value operand) {
  auto type = llvm::dyn_cast<mpc::ShareType>(operand.getType());
  return type && type.isAdd() && ReadsOpened(op) ? 1 : 0;
}

}  // namespace

RoundSlack::RoundSlack(mlir::Block& block) {
  for (mlir::Operation& op : block) {
    int start = 0;
    for (mlir::Value operand : op.getOperands())
      if (mlir::Operation* source = operand.getDefiningOp())
        start = std::max(start, ready_.lookup(source) + OpeningOf(&op, operand));
    ready_[&op] = start + LeastRounds(&op);
    last_ = std::max(last_, ready_[&op]);
  }
  for (mlir::Operation& op : llvm::reverse(block)) {
    const int from_here = after_.lookup(&op) + LeastRounds(&op);
    for (mlir::Value operand : op.getOperands())
      if (mlir::Operation* source = operand.getDefiningOp()) {
        int& after = after_[source];
        after = std::max(after, from_here + OpeningOf(&op, operand));
      }
  }
}

}  // namespace mpcc

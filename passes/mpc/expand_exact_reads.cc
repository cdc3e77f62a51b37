// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/exact_read.h"
#include "llvm/Support/MathExtras.h"
#include "passes/mpc/passes.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_EXPANDEXACTREADS
#include "passes/mpc/passes.h.inc"

namespace {

int WidthOf(mlir::Value value) {
  return static_cast<int>(llvm::cast<mpc::ShareType>(value.getType()).getWidth());
}

// `low` bits in as few digits as may be, as equal as may be, wide ones first.
mpc::BorrowPolicy DigitsOf(int low, const ReadPolicy& policy) {
  mpc::BorrowPolicy borrow{
      {}, static_cast<size_t>(policy.joined_last), static_cast<size_t>(policy.joined_a_round)};
  for (int count = (low + policy.digit_bits - 1) / policy.digit_bits; count > 0; --count) {
    borrow.digits.push_back((low + count - 1) / count);
    low -= static_cast<int>(borrow.digits.back());
  }
  return borrow;
}

mlir::Value Expand(mpc::TruncateOp op, const ReadPolicy& policy) {
  mlir::OpBuilder builder(op);
  const int low = WidthOf(op.getInput()) - WidthOf(op.getResult());
  return mpc::ExactReader(builder, op.getLoc(), DigitsOf(low, policy))
      .Quotient(op.getInput(), WidthOf(op.getResult()));
}

mlir::Value Expand(mpc::PublicLutOp op, const ReadPolicy& policy) {
  mlir::OpBuilder builder(op);
  const int bits = static_cast<int>(llvm::Log2_64(op.getValues().size()));
  const mpc::PublicFunction f{bits, op.getValues().vec(), op.getLeastUnused()};
  return mpc::ExactReader(builder, op.getLoc(), DigitsOf(WidthOf(op.getInput()) - bits, policy))
      .Apply(op.getInput(), f, WidthOf(op.getResult()), op.getFactor());
}

struct ExpandExactReads : impl::ExpandExactReadsBase<ExpandExactReads> {
  void runOnOperation() override {
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    const auto replace = [&](auto op) {
      op.replaceAllUsesWith(Expand(op, policy->reads));
      op.erase();
    };
    getOperation().walk([&](mlir::Operation* op) {
      if (auto truncate = llvm::dyn_cast<mpc::TruncateOp>(op)) return replace(truncate);
      if (auto lut = llvm::dyn_cast<mpc::PublicLutOp>(op)) replace(lut);
    });
  }
};

}  // namespace
}  // namespace mpcc

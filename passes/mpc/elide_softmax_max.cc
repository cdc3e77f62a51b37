// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ir/mpc/constants.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_ELIDESOFTMAXMAX
#include "passes/mpc/passes.h.inc"

namespace {

// x - row_max(x), with every reader a two-input exponential table whose other index is the mask.
bool IsShiftedScore(mpc::SubOp op) {
  auto max = op.getRhs().getDefiningOp<mpc::RowMaxOp>();
  return max && max.getInput() == op.getLhs() && !op->use_empty() &&
         llvm::all_of(op->getUsers(), [&](mlir::Operation* user) {
           auto table = llvm::dyn_cast<mpc::Lut2Op>(user);
           return table && table.getA() == op.getResult();
         });
}

// The smallest entry of kept positions (mask index 0), as a share of the table's largest.
double SmallestShare(mpc::Lut2Op op) {
  auto constant = op.getTable().getDefiningOp<mpc::ConstantOp>();
  auto entries = constant ? mpc::ReadConstant(constant) : std::nullopt;
  if (!entries) return 0;
  const size_t columns = size_t{1} << llvm::cast<mpc::ShareType>(op.getB().getType()).getWidth();
  int64_t smallest = entries->front(), largest = smallest;
  for (size_t i = 0; i < entries->size(); i += columns) {
    smallest = std::min<int64_t>(smallest, (*entries)[i]);
    largest = std::max<int64_t>(largest, (*entries)[i]);
  }
  return largest > 0 ? static_cast<double>(smallest) / static_cast<double>(largest) : 0;
}

struct ElideSoftmaxMax : impl::ElideSoftmaxMaxBase<ElideSoftmaxMax> {
  using ElideSoftmaxMaxBase::ElideSoftmaxMaxBase;

  void runOnOperation() override {
    if (!allowLeak) return;
    llvm::SmallVector<mpc::SubOp> candidates;
    getOperation().walk([&](mpc::SubOp op) {
      if (IsShiftedScore(op)) candidates.push_back(op);
    });
    for (mpc::SubOp op : candidates)
      if (llvm::all_of(op->getUsers(), [&](mlir::Operation* user) {
            return SmallestShare(llvm::cast<mpc::Lut2Op>(user)) >= smallest;
          }))
        Elide(op);
  }

  // The largest k-bit score takes the place of the row's maximum.
  static void Elide(mpc::SubOp op) {
    mlir::OpBuilder builder(op);
    auto max = op.getRhs().getDefiningOp();
    const unsigned width = llvm::cast<mpc::ShareType>(op.getType()).getWidth();
    const int64_t top = (int64_t{1} << (width - 1)) - 1;
    auto shifted = builder.create<mpc::AddPublicOp>(op.getLoc(), op.getLhs(), -top);
    shifted->setAttr(kLeakAttr, builder.getStringAttr(kSoftmaxMaxLeak));
    op.replaceAllUsesWith(shifted.getResult());
    op.erase();
    if (max->use_empty()) max->erase();
  }
};

}  // namespace
}  // namespace mpcc

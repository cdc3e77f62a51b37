// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "passes/analysis/sign.h"
#include "passes/nn/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_RAISESATURATION
#include "passes/nn/passes.h.inc"

namespace {

void SaturateInput(nn::QuantizeOp op, const SignAnalysis& signs) {
  mlir::Value x = op.getInput();
  constexpr Sign kSign = Sign::kNonNegative;
  if (!EndsAtZero(nn::QuantizedElement(op.getType()), kSign) || signs.Has(x, kSign)) return;
  mlir::OpBuilder builder(op);
  mlir::Value saturated =
      builder.create<nn::UnaryOp>(op.getLoc(), x.getType(), nn::UnaryKind::relu, x);
  if (mlir::Operation* producer = x.getDefiningOp())
    if (mlir::Attribute range = producer->getAttr(nn::kRangeAttr))
      saturated.getDefiningOp()->setAttr(nn::kRangeAttr, range);
  op.getInputMutable().assign(saturated);
}

struct RaiseSaturation : impl::RaiseSaturationBase<RaiseSaturation> {
  void runOnOperation() override {
    const nn::VisibilityAnalysis visibility(getOperation());
    const SignAnalysis signs(getOperation());
    getOperation().walk([&](nn::QuantizeOp op) {
      if (visibility.IsVisible(op.getResult())) return;
      SaturateInput(op, signs);
    });
  }
};

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_constants.h"
#include "passes/analysis/sign.h"
#include "passes/nn/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_RAISESATURATION
#include "passes/nn/passes.h.inc"

namespace {

// max(x, 0) or min(x, 0).
mlir::Value Saturate(mlir::OpBuilder& b, mlir::Location loc, mlir::Value x, Sign sign) {
  if (sign == Sign::kNonNegative)
    return b.create<nn::UnaryOp>(loc, x.getType(), nn::UnaryKind::relu, x);
  auto scalar = mlir::RankedTensorType::get({}, b.getF32Type());
  mlir::Value zero = nn::MakeConstant(b, loc, {{}, nn::Tensor::Floats{0.0f}}, scalar);
  return b.create<nn::BinaryOp>(loc, x.getType(), nn::BinaryKind::min, x, zero);
}

void SaturateInput(nn::QuantizeOp op, Sign sign, const SignAnalysis& signs) {
  mlir::Value x = op.getInput();
  if (!EndsAtZero(nn::QuantizedElement(op.getType()), sign) || signs.Has(x, sign)) return;
  mlir::OpBuilder builder(op);
  mlir::Value saturated = Saturate(builder, op.getLoc(), x, sign);
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
      for (Sign sign : {Sign::kNonNegative, Sign::kNonPositive}) SaturateInput(op, sign, signs);
    });
  }
};

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// QCDQ: a clip of the integers between quantize and dequantize.
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using mlir::quant::QuantizedType;

// quantize, max/min with constants on the integers, dequantize: the bounds belong to the quantized
// type.
struct FoldIntegerClip : mlir::OpRewritePattern<nn::DequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::DequantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    QuantizedType type = nn::QuantizedElement(op.getInput().getType());
    int64_t low = type.getStorageTypeMin(), high = type.getStorageTypeMax();
    mlir::Value value = op.getInput();
    while (auto clip = value.getDefiningOp<nn::BinaryOp>()) {
      auto bound = BoundOf(clip);
      const bool is_low = clip.getKind() == nn::BinaryKind::max;
      if (!bound || (!is_low && clip.getKind() != nn::BinaryKind::min)) return mlir::failure();
      (is_low ? low : high) = is_low ? std::max(low, *bound) : std::min(high, *bound);
      value = clip.getLhs();
    }
    auto quantize = value.getDefiningOp<nn::QuantizeOp>();
    if (!quantize || value == op.getInput() || low >= high) return mlir::failure();
    auto narrow = quantize.getResult().getType().clone(nn::WithBounds(type, low, high));
    auto fresh = rewriter.create<nn::QuantizeOp>(quantize.getLoc(), narrow, quantize.getInput());
    rewriter.replaceOpWithNewOp<nn::DequantizeOp>(op, op.getType(), fresh);
    return mlir::success();
  }

  static std::optional<int64_t> BoundOf(nn::BinaryOp clip) {
    auto constant = clip.getRhs().getDefiningOp<nn::ConstantOp>();
    if (!constant) return std::nullopt;
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok() || !tensor->is_stored() || tensor->size() != 1) return std::nullopt;
    return tensor->stored()[0];
  }
};

}  // namespace

void AddWidthPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<FoldIntegerClip>(patterns.getContext());
  AddWeightPatterns(patterns);
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// Masks of a softmax, and transpositions before a matmul.
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/analysis/visibility.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

constexpr double kDropsPosition = -1000;
// The public mask says this in place of the model's own number, which is private.
constexpr float kDropped = -1e30f;

bool IsMaskFor(mlir::Value mask, mlir::Value scores) {
  auto shape = nn::BroadcastShapes(ShapeOf(mask), ShapeOf(scores));
  return shape && llvm::ArrayRef<int64_t>(*shape) == ShapeOf(scores) &&
         IsVisibleToDataOwner(mask) && !IsVisibleToDataOwner(scores);
}

// softmax(scores + visible) -> softmax with mask.
struct RaiseAddedMask : mlir::OpRewritePattern<nn::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::SoftmaxOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto sum = MatchBinary(op.getScores(), nn::BinaryKind::add);
    if (!sum || op.getMask()) return mlir::failure();
    for (auto [scores, mask] :
         {std::pair(sum.getLhs(), sum.getRhs()), std::pair(sum.getRhs(), sum.getLhs())}) {
      if (scores.getType() != op.getType() || !IsMaskFor(mask, scores)) continue;
      ReplaceWithRange(rewriter, op,
                       rewriter.create<nn::SoftmaxOp>(op.getLoc(), op.getType(), scores, mask));
      return mlir::success();
    }
    return mlir::failure();
  }
};

mlir::Value Zero(mlir::PatternRewriter& rewriter, mlir::Location loc) {
  auto type = mlir::RankedTensorType::get({}, rewriter.getF32Type());
  return nn::MakeConstant(rewriter, loc, nn::Tensor{{}, nn::Tensor::Floats{0.0f}}, type,
                          /*is_public=*/true);
}

// softmax(select(visible, scores, very negative)), either way round -> softmax with mask.
struct RaiseSelectedMask : mlir::OpRewritePattern<nn::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::SoftmaxOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto select = op.getScores().getDefiningOp<nn::SelectOp>();
    if (!select || op.getMask() || !IsVisibleToDataOwner(select.getCondition()))
      return mlir::failure();
    const bool keeps_rhs = MatchScalar(select.getLhs()).has_value();
    mlir::Value scores = keeps_rhs ? select.getRhs() : select.getLhs();
    mlir::Value dropped = keeps_rhs ? select.getLhs() : select.getRhs();
    auto value = MatchScalar(dropped);
    if (!value || *value > kDropsPosition || scores.getType() != op.getType())
      return mlir::failure();
    auto type = mlir::RankedTensorType::get(ShapeOf(select.getCondition()), rewriter.getF32Type());
    mlir::Value zero = Zero(rewriter, op.getLoc());
    auto scalar = mlir::RankedTensorType::get({}, rewriter.getF32Type());
    mlir::Value low =
        nn::MakeConstant(rewriter, op.getLoc(), nn::Tensor{{}, nn::Tensor::Floats{kDropped}},
                         scalar, /*is_public=*/true);
    mlir::Value mask = rewriter.create<nn::SelectOp>(
        op.getLoc(), type, select.getCondition(), keeps_rhs ? low : zero, keeps_rhs ? zero : low);
    ReplaceWithRange(rewriter, op,
                     rewriter.create<nn::SoftmaxOp>(op.getLoc(), op.getType(), scores, mask));
    return mlir::success();
  }
};

// select by a constant that is the same everywhere (IsNaN of a real number).
struct FoldConstantSelect : mlir::OpRewritePattern<nn::SelectOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::SelectOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto condition = op.getCondition().getDefiningOp<nn::ConstantOp>();
    auto dense =
        condition ? llvm::dyn_cast<mlir::DenseElementsAttr>(condition.getValue()) : nullptr;
    if (!dense || !dense.isSplat()) return mlir::failure();
    mlir::Value chosen = dense.getSplatValue<bool>() ? op.getLhs() : op.getRhs();
    if (chosen.getType() != op.getType()) return mlir::failure();
    rewriter.replaceOp(op, chosen);
    return mlir::success();
  }
};

bool IsIdentity(llvm::ArrayRef<int64_t> perm) {
  for (size_t i = 0; i < perm.size(); ++i)
    if (perm[i] != static_cast<int64_t>(i)) return false;
  return true;
}

// The input of `transpose` permuted so that its last two dimensions come the other way round.
mlir::Value WithoutSwap(mlir::PatternRewriter& rewriter, nn::TransposeOp transpose) {
  llvm::SmallVector<int64_t> perm(transpose.getPerm()), shape(ShapeOf(transpose.getResult()));
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  if (IsIdentity(perm)) return transpose.getInput();
  auto type = mlir::RankedTensorType::get(shape, ElementOf(transpose.getResult()));
  return rewriter.create<nn::TransposeOp>(transpose.getLoc(), type, transpose.getInput(), perm);
}

// A transposition whose last two dimensions come in falling order is (the rest and) a swap of both.
bool SwapsLastTwo(nn::TransposeOp transpose) {
  auto perm = transpose ? transpose.getPerm() : llvm::ArrayRef<int64_t>();
  return perm.size() >= 2 && perm[perm.size() - 2] > perm[perm.size() - 1];
}

// matmul(a, transpose(b)) -> matmul(a, b) {transpose_b}, also through a per-tensor quantize.
struct RaiseTransposeB : mlir::OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::MatMulOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    mlir::Value rhs = op.getRhs();
    auto quantize = rhs.getDefiningOp<nn::QuantizeOp>();
    if (quantize &&
        (!quantize->hasOneUse() || nn::QuantizedAxis(nn::QuantizedElement(quantize.getType()))))
      return mlir::failure();
    auto transpose = (quantize ? quantize.getInput() : rhs).getDefiningOp<nn::TransposeOp>();
    if (!SwapsLastTwo(transpose) || IsParameter(transpose.getInput())) return mlir::failure();
    mlir::Value straight = WithoutSwap(rewriter, transpose);
    if (quantize) {
      auto type = mlir::RankedTensorType::get(ShapeOf(straight), ElementOf(quantize.getResult()));
      straight = rewriter.create<nn::QuantizeOp>(quantize.getLoc(), type, straight);
    }
    auto product = rewriter.create<nn::MatMulOp>(op.getLoc(), op.getType(), op.getLhs(), straight,
                                                 !op.getTransposeB());
    ReplaceWithRange(rewriter, op, product);
    return mlir::success();
  }
};

}  // namespace

void AddAttentionPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<RaiseAddedMask, RaiseSelectedMask, FoldConstantSelect, RaiseTransposeB>(
      patterns.getContext());
}

}  // namespace mpcc

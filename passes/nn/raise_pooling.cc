// SPDX-License-Identifier: Apache-2.0
// What sentence encoders end in: the mean over kept tokens, or their sum by the root of how many
// they are, and the L2 norm.
#include "ir/nn/pools.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using nn::BinaryKind;

// v of max(v, small) or of the clip that exporters write for it.
mlir::Value PeelFloor(mlir::Value value, double& floor) {
  while (auto op = Real(value).getDefiningOp<nn::BinaryOp>()) {
    auto bound = MatchScalar(op.getRhs());
    if (op.getKind() == BinaryKind::max && bound && *bound < 1) {
      floor = *bound;
    } else if (op.getKind() != BinaryKind::min || !bound || *bound < 1e9) {
      break;
    }
    value = op.getLhs();
  }
  return value;
}

// sum over axis 1 of a tensor, with or without keeping the axis; returns what is summed.
mlir::Value MatchTokenSum(mlir::Value value) {
  if (auto reshape = Real(value).getDefiningOp<nn::ReshapeOp>()) value = reshape.getInput();
  auto sum = Real(value).getDefiningOp<nn::ReduceOp>();
  const bool over_tokens =
      sum && sum.getKind() == nn::ReduceKind::sum && sum.getAxes() == llvm::ArrayRef<int64_t>{1};
  return over_tokens ? sum.getInput() : mlir::Value();
}

// The mask [B, S] of a mask that was spread over [B, S, D] or [B, S, 1].
mlir::Value TokenMask(mlir::PatternRewriter& rewriter, mlir::Location loc, mlir::Value spread) {
  auto broadcast = Real(spread).getDefiningOp<nn::BroadcastOp>();
  mlir::Value mask = broadcast ? broadcast.getInput() : spread;
  llvm::ArrayRef<int64_t> shape = ShapeOf(mask), full = ShapeOf(spread);
  if (shape.size() != 3 || shape[0] != full[0] || shape[1] != full[1]) mask = spread, shape = full;
  if (shape[2] != 1) {
    auto column = mlir::RankedTensorType::get({shape[0], shape[1], 1}, rewriter.getF32Type());
    mask = rewriter.create<nn::SliceOp>(loc, column, mask, llvm::ArrayRef<int64_t>{0, 0, 0});
  }
  auto type = mlir::RankedTensorType::get({full[0], full[1]}, rewriter.getF32Type());
  return rewriter.create<nn::ReshapeOp>(loc, type, mask);
}

// The mask that is summed over the tokens in max(sum(mask), small), behind what repeats it.
mlir::Value MatchCount(mlir::Value divisor) {
  double floor = 0;
  mlir::Value counted = MatchTokenSum(PeelFloor(Peel(divisor), floor));
  return counted ? counted : MatchTokenSum(PeelFloor(divisor, floor));
}

// Scores that a softmax reads have patterns of their own.
bool IsReadBySoftmax(mlir::Value value) {
  return llvm::any_of(value.getUsers(), [](mlir::Operation* user) {
    if (llvm::isa<nn::QuantizeOp, nn::DequantizeOp>(user))
      return IsReadBySoftmax(user->getResult(0));
    return llvm::isa<nn::SoftmaxOp>(user);
  });
}

// x where a condition of the inputs holds, else 0, as tokens are dropped before they are summed: x
// times the condition.
struct RaiseZeroed : mlir::OpRewritePattern<nn::SelectOp> {
  RaiseZeroed(mlir::MLIRContext* context, const nn::VisibilityAnalysis& visibility)
      : OpRewritePattern(context), visibility_(visibility) {}

  mlir::LogicalResult matchAndRewrite(nn::SelectOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    const bool drops = MatchScalar(op.getLhs()) == 0.0;  // where it holds
    if (!drops && MatchScalar(op.getRhs()) != 0.0) return mlir::failure();
    mlir::Value x = drops ? op.getRhs() : op.getLhs(), condition = op.getCondition();
    if (x.getType() != op.getType() || visibility_.IsVisible(x) ||
        !visibility_.IsVisible(condition) || IsReadBySoftmax(op))
      return mlir::failure();
    if (drops) condition = Not(rewriter, condition);
    auto type = mlir::RankedTensorType::get(ShapeOf(condition), rewriter.getF32Type());
    mlir::Value kept =
        rewriter.create<nn::UnaryOp>(op.getLoc(), type, nn::UnaryKind::cast, condition);
    auto product =
        rewriter.create<nn::BinaryOp>(op.getLoc(), op.getType(), BinaryKind::mul, x, kept);
    ReplaceWithRange(rewriter, op, product);
    return mlir::success();
  }

 private:
  static mlir::Value Not(mlir::PatternRewriter& rewriter, mlir::Value condition) {
    if (auto inner = condition.getDefiningOp<nn::UnaryOp>();
        inner && inner.getKind() == nn::UnaryKind::logical_not)
      return inner.getInput();
    return rewriter.create<nn::UnaryOp>(condition.getLoc(), condition.getType(),
                                        nn::UnaryKind::logical_not, condition);
  }

  const nn::VisibilityAnalysis& visibility_;
};

// sum(x * mask) / max(sum(mask), small), or by the root of that.
struct RaiseMeanPool : mlir::OpRewritePattern<nn::BinaryOp> {
  RaiseMeanPool(mlir::MLIRContext* context, const nn::VisibilityAnalysis& visibility)
      : OpRewritePattern(context), visibility_(visibility) {}

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (op.getKind() != BinaryKind::div || op.getType().getRank() != 2) return mlir::failure();
    mlir::Value summed = MatchTokenSum(op.getLhs());
    nn::BinaryOp weighted = summed ? MatchBinary(summed, BinaryKind::mul) : nn::BinaryOp();
    if (!weighted || weighted.getType().getRank() != 3) return mlir::failure();
    nn::UnaryOp root = MatchUnary(Peel(op.getRhs()), nn::UnaryKind::sqrt);
    mlir::Value counted = MatchCount(root ? root.getInput() : op.getRhs());
    for (auto [x, mask] : {std::pair(weighted.getLhs(), weighted.getRhs()),
                           std::pair(weighted.getRhs(), weighted.getLhs())}) {
      if (!counted || Peel(counted) != Peel(mask) || !visibility_.IsVisible(mask)) continue;
      if (x.getType() != weighted.getType() || ShapeOf(mask).size() != 3) continue;
      mlir::Value tokens = TokenMask(rewriter, op.getLoc(), mask);
      auto mean = rewriter.create<nn::MeanPoolOp>(op.getLoc(), op.getType(), x, tokens);
      ReplaceWithRange(rewriter, op, root ? nn::MakeRootPool(rewriter, mean) : mean.getResult());
      return mlir::success();
    }
    return mlir::failure();
  }

 private:
  const nn::VisibilityAnalysis& visibility_;
};

// x of l2(x) or sqrt(sum(x^2)) over the last axis.
mlir::Value MatchNorm(mlir::Value value) {
  if (auto norm = MatchLastReduce(value, nn::ReduceKind::l2)) return norm.getInput();
  auto root = MatchUnary(value, nn::UnaryKind::sqrt);
  auto sum = root ? MatchLastReduce(root.getInput(), nn::ReduceKind::sum) : nn::ReduceOp();
  if (!sum) return {};
  if (auto power = MatchBinary(sum.getInput(), BinaryKind::pow))
    return MatchScalar(power.getRhs()) == 2.0 ? power.getLhs() : mlir::Value();
  auto square = MatchBinary(sum.getInput(), BinaryKind::mul);
  return square && IsSameReal(square.getLhs(), square.getRhs()) ? square.getLhs() : mlir::Value();
}

// x / max(|x|, epsilon).
struct RaiseL2Normalize : mlir::OpRewritePattern<nn::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (op.getKind() != BinaryKind::div) return mlir::failure();
    double epsilon = 1e-12;
    mlir::Value divisor = op.getRhs();
    if (auto broadcast = Real(divisor).getDefiningOp<nn::BroadcastOp>())
      divisor = broadcast.getInput();
    mlir::Value norm = PeelFloor(divisor, epsilon);
    if (!IsSameReal(MatchNorm(norm), op.getLhs())) return mlir::failure();
    auto fresh = rewriter.create<nn::L2NormalizeOp>(op.getLoc(), op.getType(), op.getLhs(),
                                                    rewriter.getF64FloatAttr(epsilon));
    ReplaceWithRange(rewriter, op, fresh);
    return mlir::success();
  }
};

// What has length 1 keeps it.
struct DropSecondNormalize : mlir::OpRewritePattern<nn::L2NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::L2NormalizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (!op.getInput().getDefiningOp<nn::L2NormalizeOp>()) return mlir::failure();
    rewriter.replaceOp(op, op.getInput());
    return mlir::success();
  }
};

}  // namespace

void AddPoolingPatterns(mlir::RewritePatternSet& patterns,
                        const nn::VisibilityAnalysis& visibility) {
  patterns.add<RaiseMeanPool, RaiseZeroed>(patterns.getContext(), visibility);
  patterns.add<RaiseL2Normalize, DropSecondNormalize>(patterns.getContext());
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// Masks of a softmax: what the data owner can compute, added to scores or chosen in their place,
// with or without a quantizer before the softmax.
#include <algorithm>
#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/nn/patterns.h"
#include "runtime/plain/operators.h"

namespace mpcc {
namespace {

using nn::BinaryKind;
using nn::UnaryKind;

constexpr double kDropsPosition = -1000;
// The public mask says this in place of the model's own number, which is private.
constexpr float kDropped = -1e30f;
// A summand below this takes the place of the scores it is added to, where a quantizer clips the
// sum; and no score is sent further below zero than kFloor: e^-40 is nothing beside another score.
constexpr float kReplaces = -30;
constexpr double kFloor = -40;
constexpr int kMostBiases = 8;         // behind a mask: each has two summands to look into
constexpr double kLeastNumber = 1e-3;  // in place of a score: a factor of zero would be none

using nn::VisibilityAnalysis;

bool IsMaskFor(mlir::Value mask, mlir::Value scores, const VisibilityAnalysis& visibility) {
  auto shape = nn::BroadcastShapes(ShapeOf(mask), ShapeOf(scores));
  return shape && llvm::ArrayRef<int64_t>(*shape) == ShapeOf(scores) &&
         visibility.IsVisible(mask) && !visibility.IsVisible(scores);
}

// Builds what the data owner computes.
class MaskBuilder {
 public:
  MaskBuilder(mlir::PatternRewriter& rewriter, mlir::Location loc) : b_(rewriter), loc_(loc) {}

  mlir::Value Constant(float value, bool is_public = true) {
    return nn::MakeConstant(b_, loc_, nn::Tensor{{}, nn::Tensor::Floats{value}},
                            mlir::RankedTensorType::get({}, b_.getF32Type()), is_public);
  }
  mlir::Value Binary(BinaryKind kind, mlir::Value a, mlir::Value b) {
    auto shape = nn::BroadcastShapes(ShapeOf(a), ShapeOf(b));
    mlir::Type element = kind == BinaryKind::less ? b_.getI1Type() : ElementOf(a);
    return b_.create<nn::BinaryOp>(loc_, mlir::RankedTensorType::get(*shape, element), kind, a, b);
  }
  mlir::Value Unary(UnaryKind kind, mlir::Value x) {
    return b_.create<nn::UnaryOp>(loc_, x.getType(), kind, x);
  }
  mlir::Value Select(mlir::Value condition, mlir::Value a, mlir::Value b) {
    auto type = mlir::RankedTensorType::get(ShapeOf(condition), b_.getF32Type());
    return b_.create<nn::SelectOp>(loc_, type, condition, a, b);
  }
  mlir::Value Truth(mlir::Value condition) {
    auto type = mlir::RankedTensorType::get(ShapeOf(condition), b_.getF32Type());
    return b_.create<nn::UnaryOp>(loc_, type, UnaryKind::cast, condition);
  }
  // Whether any element of a row of truth values is 1.
  mlir::Value Any(mlir::Value truth) {
    llvm::SmallVector<int64_t> shape(ShapeOf(truth));
    if (shape.empty()) return truth;
    shape.back() = 1;
    const int64_t last = static_cast<int64_t>(shape.size()) - 1;
    return b_.create<nn::ReduceOp>(loc_, mlir::RankedTensorType::get(shape, b_.getF32Type()),
                                   nn::ReduceKind::max, truth, b_.getDenseI64ArrayAttr({last}));
  }

 private:
  mlir::PatternRewriter& b_;
  mlir::Location loc_;
};

// Scores and what masks them: a summand, or a condition and the number that replaces a score.
struct Masked {
  mlir::Value scores;
  mlir::Value summand{};  // null, or visible
  bool negated = false;
  mlir::Value condition{};  // null, or visible
  bool replaces = true;     // the value of the condition where the number stands
  double number = 0;
};

// What is added to the scores; null for a choice.
mlir::Value Added(MaskBuilder& b, const Masked& masked) {
  return masked.negated ? b.Unary(UnaryKind::neg, masked.summand) : masked.summand;
}

std::optional<Masked> MatchSummand(mlir::Value value, const VisibilityAnalysis& visibility) {
  auto sum = value.getDefiningOp<nn::BinaryOp>();
  if (!sum || (sum.getKind() != BinaryKind::add && sum.getKind() != BinaryKind::sub))
    return std::nullopt;
  const bool subtracts = sum.getKind() == BinaryKind::sub;
  if (sum.getLhs().getType() == sum.getType() && IsMaskFor(sum.getRhs(), sum.getLhs(), visibility))
    return Masked{.scores = sum.getLhs(), .summand = sum.getRhs(), .negated = subtracts};
  if (!subtracts && sum.getRhs().getType() == sum.getType() &&
      IsMaskFor(sum.getLhs(), sum.getRhs(), visibility))
    return Masked{.scores = sum.getRhs(), .summand = sum.getLhs()};
  return std::nullopt;
}

std::optional<Masked> MatchChoice(mlir::Value value, const VisibilityAnalysis& visibility) {
  auto select = value.getDefiningOp<nn::SelectOp>();
  if (!select || !visibility.IsVisible(select.getCondition())) return std::nullopt;
  const auto left = MatchScalar(select.getLhs()), right = MatchScalar(select.getRhs());
  mlir::Value scores = left ? select.getRhs() : select.getLhs();
  if (left.has_value() == right.has_value() || scores.getType() != select.getType())
    return std::nullopt;
  return Masked{.scores = scores,
                .condition = select.getCondition(),
                .replaces = left.has_value(),
                .number = left ? *left : *right};
}

struct MaskPattern : mlir::OpRewritePattern<nn::SoftmaxOp> {
  MaskPattern(mlir::MLIRContext* context, const VisibilityAnalysis& visibility)
      : OpRewritePattern(context), visibility(visibility) {}

  std::optional<Masked> MatchMasked(mlir::Value value) const {
    auto masked = MatchSummand(value, visibility);
    return masked ? masked : MatchChoice(value, visibility);
  }

  // The mask with what a softmax adds already.
  static mlir::Value Both(MaskBuilder& b, mlir::Value mask, mlir::Value other) {
    return mask && other ? b.Binary(BinaryKind::add, mask, other) : mask ? mask : other;
  }

  const VisibilityAnalysis& visibility;
};

// softmax(scores + visible), or of a choice between scores and a very negative number, to which
// biases of the model's may be added.
struct RaiseMask : MaskPattern {
  using MaskPattern::MaskPattern;

  // (scores + mask) + bias = (scores + bias) + mask; the first sum is made.
  std::optional<Masked> MatchBelowBiases(mlir::Value value, mlir::PatternRewriter& rewriter,
                                         int most = kMostBiases) const {
    if (auto masked = MatchMasked(value))
      return masked->condition && masked->number > kDropsPosition ? std::nullopt : masked;
    auto sum = value.getDefiningOp<nn::BinaryOp>();
    if (most == 0 || !sum || (sum.getKind() != BinaryKind::add && sum.getKind() != BinaryKind::sub))
      return std::nullopt;
    for (const bool left : {true, false}) {
      mlir::Value inner = left ? sum.getLhs() : sum.getRhs();
      if (inner.getType() != sum.getType() || (!left && sum.getKind() == BinaryKind::sub)) continue;
      auto masked = MatchBelowBiases(inner, rewriter, most - 1);
      if (!masked) continue;
      masked->scores =
          rewriter.create<nn::BinaryOp>(sum.getLoc(), sum.getType(), sum.getKind(), masked->scores,
                                        left ? sum.getRhs() : sum.getLhs());
      return masked;
    }
    return std::nullopt;
  }

  mlir::LogicalResult matchAndRewrite(nn::SoftmaxOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (visibility.IsVisible(op.getResult())) return mlir::failure();
    auto masked = MatchBelowBiases(op.getScores(), rewriter);
    if (!masked) return mlir::failure();
    MaskBuilder b(rewriter, op.getLoc());
    mlir::Value mask = Added(b, *masked);
    if (masked->condition) {
      mlir::Value low = b.Constant(kDropped), zero = b.Constant(0);
      mask =
          b.Select(masked->condition, masked->replaces ? low : zero, masked->replaces ? zero : low);
    }
    auto fresh = rewriter.create<nn::SoftmaxOp>(op.getLoc(), op.getType(), masked->scores,
                                                Both(b, mask, op.getMask()));
    ReplaceWithRange(rewriter, op, fresh);
    return mlir::success();
  }
};

// What a quantizer makes of a number.
double Quantized(mlir::quant::QuantizedType type, double number) {
  const double scale = nn::ScaleOf(type);
  const int64_t zero = nn::ZeroPointOf(type);
  const int64_t q = plain::QuantizeNumber(static_cast<float>(number), static_cast<float>(scale),
                                          zero, type.getStorageTypeMin(), type.getStorageTypeMax());
  return static_cast<double>(q - zero) * scale;
}

// softmax(quantized(masked scores)): the quantizer clips masked scores at its lower end, which may
// lie among the scores or far below them. That end is private, so that the scores of masked
// positions are replaced by it: scores * kept + end * masked. Rows that are masked wholly have
// equal scores, as the file gives them. The scores have the quantizer to themselves.
struct RaiseQuantizedMask : MaskPattern {
  using MaskPattern::MaskPattern;

  mlir::LogicalResult matchAndRewrite(nn::SoftmaxOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto dequantize = op.getScores().getDefiningOp<nn::DequantizeOp>();
    auto quantize =
        dequantize ? dequantize.getInput().getDefiningOp<nn::QuantizeOp>() : nn::QuantizeOp();
    auto masked = MatchMasked(quantize ? Real(op.getScores()) : op.getScores());
    // Without a quantizer this is for choices of a number among the scores.
    if (!masked || visibility.IsVisible(op.getResult()) || (!quantize && masked->summand))
      return mlir::failure();
    auto type = quantize ? nn::QuantizedElement(quantize.getType()) : nullptr;
    if (type && nn::QuantizedAxis(type)) return mlir::failure();
    MaskBuilder b(rewriter, op.getLoc());
    if (masked->summand) TakeSummands(b, *masked);
    mlir::Value rest, dropped = Dropped(b, *masked, rest);
    double end = masked->summand ? -INFINITY : masked->number;
    if (type) end = Quantized(type, end);
    mlir::Value scores =
        Replaced(b, type ? Requantized(rewriter, quantize, masked->scores) : masked->scores,
                 dropped, Shown(end));
    auto fresh = rewriter.create<nn::SoftmaxOp>(op.getLoc(), op.getType(), scores,
                                                Both(b, rest, op.getMask()));
    ReplaceWithRange(rewriter, op, fresh);
    return mlir::success();
  }

  // Of several masks that are added one after another, the sum.
  void TakeSummands(MaskBuilder& b, Masked& masked) const {
    while (const auto inner = MatchSummand(masked.scores, visibility))
      masked = {.scores = inner->scores,
                .summand = b.Binary(BinaryKind::add, Added(b, *inner), Added(b, masked))};
  }

  static double Shown(double end) {
    return end > 0 ? std::max(end, kLeastNumber) : std::clamp(end, kFloor, -kLeastNumber);
  }

  // Which scores are replaced; a summand is added as it is to the `rest`.
  static mlir::Value Dropped(MaskBuilder& b, const Masked& masked, mlir::Value& rest) {
    if (masked.condition)
      return masked.replaces ? masked.condition : b.Unary(UnaryKind::logical_not, masked.condition);
    mlir::Value summand = Added(b, masked);
    mlir::Value dropped = b.Binary(BinaryKind::less, summand, b.Constant(kReplaces));
    rest = b.Select(dropped, b.Constant(0), summand);
    return dropped;
  }

  // The scores behind the quantizer. The storage says that its ends, which were calibrated on what
  // the mask adds, bound nothing (passes/lower/known_ranges.h).
  static mlir::Value Requantized(mlir::PatternRewriter& rewriter, nn::QuantizeOp quantize,
                                 mlir::Value scores) {
    auto old = nn::QuantizedElement(quantize.getType());
    auto type = mlir::quant::UniformQuantizedType::get(
        old.getFlags(), rewriter.getIntegerType(32), rewriter.getF32Type(), nn::ScaleOf(old),
        nn::ZeroPointOf(old), old.getStorageTypeMin(), old.getStorageTypeMax());
    auto shaped = mlir::RankedTensorType::get(ShapeOf(scores), type);
    mlir::Value q = rewriter.create<nn::QuantizeOp>(quantize.getLoc(), shaped, scores);
    return rewriter.create<nn::DequantizeOp>(quantize.getLoc(), scores.getType(), q);
  }

  static mlir::Value Replaced(MaskBuilder& b, mlir::Value scores, mlir::Value dropped, double end) {
    mlir::Value kept = b.Truth(b.Unary(UnaryKind::logical_not, dropped));
    mlir::Value any = b.Any(kept);
    mlir::Value low = b.Binary(BinaryKind::mul, b.Truth(dropped), any);
    low = b.Binary(BinaryKind::mul, low, b.Constant(static_cast<float>(end), /*is_public=*/false));
    return b.Binary(BinaryKind::add, b.Binary(BinaryKind::mul, scores, kept), low);
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

}  // namespace

void AddMaskPatterns(mlir::RewritePatternSet& patterns, const VisibilityAnalysis& visibility) {
  patterns.add<RaiseMask, RaiseQuantizedMask>(patterns.getContext(), visibility);
  patterns.add<FoldConstantSelect>(patterns.getContext());
}

}  // namespace mpcc

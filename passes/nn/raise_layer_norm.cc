// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using nn::BinaryKind;

constexpr int kNarrowBits = 8;  // a table holds each step of a quantizer of so many

// x - mean(x) over the last axis; returns x.
mlir::Value MatchCentered(mlir::Value value) {
  auto sub = MatchBinary(value, BinaryKind::sub);
  if (!sub) return {};
  auto mean = MatchLastReduce(sub.getRhs(), nn::ReduceKind::mean);
  return mean && IsSameReal(mean.getInput(), sub.getLhs()) ? sub.getLhs() : mlir::Value();
}

// The base of a square: pow(v, 2) or v * v.
mlir::Value MatchSquare(mlir::Value value) {
  if (auto power = MatchBinary(value, BinaryKind::pow))
    return MatchScalar(power.getRhs()) == 2.0 ? power.getLhs() : mlir::Value();
  auto product = MatchBinary(value, BinaryKind::mul);
  return product && IsSameReal(product.getLhs(), product.getRhs()) ? product.getLhs()
                                                                   : mlir::Value();
}

struct Normalized {
  mlir::Value input;
  double epsilon;
  nn::ReduceOp variance;    // which the factor is a function of
  mlir::Value factor = {};  // of what is centered
  bool divides = false;     // by the factor
};

// sqrt(mean((x - mean)^2) + epsilon); x is returned.
std::optional<Normalized> MatchDeviation(mlir::Value value) {
  mlir::Value inside;
  if (auto root = MatchUnary(value, nn::UnaryKind::sqrt)) inside = root.getInput();
  auto power = MatchBinary(value, BinaryKind::pow);
  if (power && MatchScalar(power.getRhs()) == 0.5) inside = power.getLhs();
  if (!inside) return std::nullopt;
  double epsilon = 0;
  if (auto sum = MatchBinary(inside, BinaryKind::add)) {
    const bool left = MatchScalar(sum.getLhs()).has_value();
    auto constant = MatchScalar(left ? sum.getLhs() : sum.getRhs());
    if (!constant) return std::nullopt;
    epsilon = *constant;
    inside = left ? sum.getRhs() : sum.getLhs();
  }
  auto variance = MatchLastReduce(inside, nn::ReduceKind::mean);
  mlir::Value base = variance ? MatchSquare(variance.getInput()) : mlir::Value();
  mlir::Value input = base ? MatchCentered(base) : mlir::Value();
  return input ? std::optional(Normalized{input, epsilon, variance}) : std::nullopt;
}

// (x - mean) / deviation, or times its reciprocal.
std::optional<Normalized> MatchNormalized(mlir::Value value) {
  mlir::Value centered, deviation, factor;
  if (auto quotient = MatchBinary(value, BinaryKind::div)) {
    centered = quotient.getLhs();
    factor = deviation = quotient.getRhs();
    auto one = MatchScalar(centered);
    if (one) return std::nullopt;
  } else if (auto product = MatchBinary(value, BinaryKind::mul)) {
    for (auto [a, b] : {std::pair(product.getLhs(), product.getRhs()),
                        std::pair(product.getRhs(), product.getLhs())}) {
      auto inverse = MatchUnary(b, nn::UnaryKind::reciprocal);
      auto one_over = MatchBinary(b, BinaryKind::div);
      const bool one = one_over && MatchScalar(one_over.getLhs()) == 1.0;
      if (!inverse && !one) continue;
      centered = a, factor = b, deviation = inverse ? inverse.getInput() : one_over.getRhs();
    }
  }
  if (!centered) return std::nullopt;
  auto normalized = MatchDeviation(deviation);
  if (!normalized || !IsSameReal(MatchCentered(centered), normalized->input)) return std::nullopt;
  normalized->factor = factor;
  normalized->divides = factor == deviation;
  return normalized;
}

// Whether a parameter, if there is one, is a number or a row of `width` elements.
bool IsRow(mlir::Value parameter, int64_t width) {
  if (!parameter) return true;
  auto tensor = MatchParameter(parameter);
  return tensor &&
         (tensor->size() == 1 || (tensor->size() == width && tensor->shape.back() == width));
}

// Such a parameter as a vector constant.
mlir::Value AsVector(mlir::PatternRewriter& rewriter, mlir::Value value, int64_t width) {
  auto tensor = MatchParameter(value);
  if (tensor->size() != width) tensor->data = nn::Tensor::Floats(width, tensor->floats()[0]);
  tensor->shape = {width};
  auto type = mlir::RankedTensorType::get({width}, rewriter.getF32Type());
  return nn::MakeConstant(rewriter, value.getLoc(), *tensor, type, IsPublicParameter(value));
}

// The operand of a binary op that is a parameter, and the other one.
std::pair<mlir::Value, mlir::Value> SplitParameter(nn::BinaryOp op) {
  if (IsParameter(op.getRhs())) return {op.getRhs(), op.getLhs()};
  if (IsParameter(op.getLhs())) return {op.getLhs(), op.getRhs()};
  return {};
}

// The operand that is no parameter, and the parameter, if `value` is a binary op of this kind of
// the two; else the value itself and null.
std::pair<mlir::Value, mlir::Value> PeelParameter(mlir::Value value, BinaryKind kind, int bits) {
  auto op = IsRounded(value, bits) ? nn::BinaryOp() : MatchBinary(value, kind);
  auto [parameter, rest] = op ? SplitParameter(op) : std::pair<mlir::Value, mlir::Value>();
  return parameter ? std::pair(rest, parameter) : std::pair(value, mlir::Value());
}

// The parameter as a vector, or `otherwise` where there is none.
mlir::Value VectorOr(mlir::PatternRewriter& rewriter, mlir::Value parameter, int64_t width,
                     float otherwise, mlir::Location loc) {
  if (parameter) return AsVector(rewriter, parameter, width);
  auto type = mlir::RankedTensorType::get({width}, rewriter.getF32Type());
  return nn::MakeConstant(rewriter, loc, nn::Tensor{{width}, nn::Tensor::Floats(width, otherwise)},
                          type);
}

// The only op that reads `op`, perhaps through quantizers of more than `bits` bits; null if there
// are several.
mlir::Operation* OnlyReader(mlir::Operation* op, int bits) {
  while (op->hasOneUse()) {
    op = *op->user_begin();
    if (!llvm::isa<nn::QuantizeOp, nn::DequantizeOp>(op)) return op;
    if (IsRounded(op->getResult(0), bits)) return nullptr;
  }
  return nullptr;
}

// Whether a quantizer is among what computes `value` of `source`.
bool HoldsQuantizer(mlir::Value value, mlir::Value source) {
  mlir::Operation* op = value.getDefiningOp();
  if (value == source || !op) return false;
  if (value == Real(source)) return true;
  return llvm::isa<nn::QuantizeOp>(op) || llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
           return HoldsQuantizer(operand, source);
         });
}

bool IsNarrowQuantizer(mlir::Operation* op, int bits) {
  auto quantize = llvm::dyn_cast_or_null<nn::QuantizeOp>(op);
  return quantize && nn::IsNarrow(nn::QuantizedElement(quantize.getType()), bits);
}

// Whether of `source` a quantizer of at most `bits` bits, with nothing but numbers added before, is
// what `value` is computed of.
bool IsOfRounded(mlir::Value value, mlir::Value source, int bits) {
  bool rounded = false;
  while (value != source) {
    mlir::Operation* op = value.getDefiningOp();
    if (!op || op->getNumOperands() == 0) return false;
    auto sum = llvm::dyn_cast<nn::BinaryOp>(op);
    if (IsNarrowQuantizer(op, bits))
      rounded = true;
    else if (!llvm::isa<nn::DequantizeOp>(op) && !(sum && sum.getKind() == BinaryKind::add))
      rounded = false;
    value = op->getOperand(sum && MatchScalar(sum.getLhs()) ? 1 : 0);
  }
  return rounded;
}

// Whether the row is whole steps, what divides it a function of its variance's, and what comes of
// it is read in steps: all is integers then.
bool IsOfSteps(nn::BinaryOp op, Normalized normalized, int bits) {
  bits = std::min(bits, kNarrowBits);
  auto row = normalized.input.getDefiningOp<nn::DequantizeOp>();
  const bool rounded = !normalized.divides && IsRounded(normalized.factor, bits);
  return row && IsNarrowQuantizer(row.getInput().getDefiningOp(), bits) && !rounded &&
         IsOfRounded(normalized.factor, normalized.variance.getResult(), bits) &&
         llvm::all_of(op->getUsers(), [&](auto* user) { return IsNarrowQuantizer(user, bits); });
}

// Whether the only reader of `op` is the next step of a layer normalization: a shift, or a scale
// where `op` is none itself.
bool GoesOn(nn::BinaryOp op, int64_t width, int bits) {
  auto user = llvm::dyn_cast_or_null<nn::BinaryOp>(OnlyReader(op, bits));
  mlir::Value parameter = user ? SplitParameter(user).first : mlir::Value();
  const bool scales = op.getKind() == BinaryKind::mul && SplitParameter(op).first;
  return parameter && IsRow(parameter, width) &&
         (user.getKind() == BinaryKind::add || (user.getKind() == BinaryKind::mul && !scales));
}

// normalized * gamma + beta, either of which may be missing. A quantizer of at most `bits` bits
// before one of them rounds: what comes behind it stays as it is. So does all that P1 computes
// between quantizers.
class RaiseLayerNorm : public mlir::OpRewritePattern<nn::BinaryOp> {
 public:
  RaiseLayerNorm(mlir::MLIRContext* context, const nn::VisibilityAnalysis& visibility, int bits)
      : OpRewritePattern(context), visibility_(visibility), bits_(bits) {}

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (ShapeOf(op.getResult()).empty()) return mlir::failure();
    const int64_t width = ShapeOf(op.getResult()).back();
    if (op.getKind() != BinaryKind::add && GoesOn(op, width, bits_)) return mlir::failure();
    auto [scaled, beta] = PeelParameter(op.getResult(), BinaryKind::add, bits_);
    auto [core, gamma] = PeelParameter(scaled, BinaryKind::mul, bits_);
    if (IsRounded(core, bits_)) return mlir::failure();
    auto normalized = MatchNormalized(core);
    if (!normalized || normalized->input.getType() != op.getType() || !IsRow(gamma, width) ||
        !IsRow(beta, width))
      return mlir::failure();
    const mlir::Value seen = visibility_.IsVisible(op.getResult()) ? op.getResult() : core;
    if (visibility_.IsVisible(seen) ? HoldsQuantizer(seen, normalized->input)
                                    : StaysInPieces(core, *normalized))
      return mlir::failure();
    mlir::Value gamma_vector = VectorOr(rewriter, gamma, width, 1, op.getLoc()),
                beta_vector = VectorOr(rewriter, beta, width, 0, op.getLoc());

    auto norm = rewriter.create<nn::LayerNormOp>(op.getLoc(), op.getType(), normalized->input,
                                                 gamma_vector, beta_vector,
                                                 rewriter.getF64FloatAttr(normalized->epsilon));
    ReplaceWithRange(rewriter, op, norm);
    return mlir::success();
  }

 private:
  bool StaysInPieces(mlir::Value core, const Normalized& normalized) const {
    auto op = core.getDefiningOp<nn::BinaryOp>();
    return op && IsOfSteps(op, normalized, bits_);
  }

  const nn::VisibilityAnalysis& visibility_;
  int bits_;
};

// A normalization of whole steps by a number that quantizers round: variance, what the file
// computes of it, and the row without its mean, times that.
class RaiseStandardize : public mlir::OpRewritePattern<nn::BinaryOp> {
 public:
  RaiseStandardize(mlir::MLIRContext* context, const nn::VisibilityAnalysis& visibility, int bits)
      : OpRewritePattern(context), visibility_(visibility), bits_(bits) {}

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto normalized = MatchNormalized(op.getResult());
    if (!normalized || visibility_.IsVisible(normalized->input) ||
        normalized->input.getType() != op.getType() ||
        normalized->factor.getType() != normalized->variance.getType() ||
        !IsOfSteps(op, *normalized, bits_))
      return mlir::failure();
    mlir::Value factor = normalized->factor;
    if (normalized->divides)
      factor = rewriter.create<nn::UnaryOp>(op.getLoc(), factor.getType(),
                                            nn::UnaryKind::reciprocal, factor);
    auto standardized =
        rewriter.create<nn::StandardizeOp>(op.getLoc(), op.getType(), normalized->input, factor);
    nn::ReduceOp variance = normalized->variance;
    rewriter.setInsertionPoint(variance);
    ReplaceWithRange(
        rewriter, variance,
        rewriter.create<nn::VarianceOp>(variance.getLoc(), variance.getType(), normalized->input));
    ReplaceWithRange(rewriter, op, standardized);
    return mlir::success();
  }

 private:
  const nn::VisibilityAnalysis& visibility_;
  int bits_;
};

}  // namespace

void AddLayerNormPatterns(mlir::RewritePatternSet& patterns,
                          const nn::VisibilityAnalysis& visibility, int rounded_bits) {
  patterns.add<RaiseLayerNorm, RaiseStandardize>(patterns.getContext(), visibility, rounded_bits);
}

}  // namespace mpcc

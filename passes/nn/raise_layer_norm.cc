// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "ir/reference/nn_constants.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using nn::BinaryKind;

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
  return input ? std::optional(Normalized{input, epsilon}) : std::nullopt;
}

// (x - mean) / deviation, or times its reciprocal.
std::optional<Normalized> MatchNormalized(mlir::Value value) {
  mlir::Value centered, deviation;
  if (auto quotient = MatchBinary(value, BinaryKind::div)) {
    centered = quotient.getLhs();
    deviation = quotient.getRhs();
    auto one = MatchScalar(centered);
    if (one) return std::nullopt;
  } else if (auto product = MatchBinary(value, BinaryKind::mul)) {
    for (auto [a, b] : {std::pair(product.getLhs(), product.getRhs()),
                        std::pair(product.getRhs(), product.getLhs())}) {
      auto inverse = MatchUnary(b, nn::UnaryKind::reciprocal);
      auto one_over = MatchBinary(b, BinaryKind::div);
      if (inverse) centered = a, deviation = inverse.getInput();
      if (one_over && MatchScalar(one_over.getLhs()) == 1.0)
        centered = a, deviation = one_over.getRhs();
    }
  }
  if (!centered) return std::nullopt;
  auto normalized = MatchDeviation(deviation);
  return normalized && IsSameReal(MatchCentered(centered), normalized->input) ? normalized
                                                                              : std::nullopt;
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
std::pair<mlir::Value, mlir::Value> PeelParameter(mlir::Value value, BinaryKind kind) {
  auto op = MatchBinary(value, kind);
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

// The only op that reads `op`, perhaps through quantizers; null if there are several.
mlir::Operation* OnlyReader(mlir::Operation* op) {
  while (op->hasOneUse()) {
    op = *op->user_begin();
    if (!llvm::isa<nn::QuantizeOp, nn::DequantizeOp>(op)) return op;
  }
  return nullptr;
}

// Whether the only reader of `op` is the next step of a layer normalization: a shift, or a scale
// where `op` is none itself.
bool GoesOn(nn::BinaryOp op, int64_t width) {
  auto user = llvm::dyn_cast_or_null<nn::BinaryOp>(OnlyReader(op));
  mlir::Value parameter = user ? SplitParameter(user).first : mlir::Value();
  const bool scales = op.getKind() == BinaryKind::mul && SplitParameter(op).first;
  return parameter && IsRow(parameter, width) &&
         (user.getKind() == BinaryKind::add || (user.getKind() == BinaryKind::mul && !scales));
}

// normalized * gamma + beta, either of which may be missing.
struct RaiseLayerNorm : mlir::OpRewritePattern<nn::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (ShapeOf(op.getResult()).empty()) return mlir::failure();
    const int64_t width = ShapeOf(op.getResult()).back();
    if (op.getKind() != BinaryKind::add && GoesOn(op, width)) return mlir::failure();
    auto [scaled, beta] = PeelParameter(op.getResult(), BinaryKind::add);
    auto [core, gamma] = PeelParameter(scaled, BinaryKind::mul);
    auto normalized = MatchNormalized(core);
    if (!normalized || normalized->input.getType() != op.getType() || !IsRow(gamma, width) ||
        !IsRow(beta, width))
      return mlir::failure();
    mlir::Value gamma_vector = VectorOr(rewriter, gamma, width, 1, op.getLoc()),
                beta_vector = VectorOr(rewriter, beta, width, 0, op.getLoc());

    auto norm = rewriter.create<nn::LayerNormOp>(op.getLoc(), op.getType(), normalized->input,
                                                 gamma_vector, beta_vector,
                                                 rewriter.getF64FloatAttr(normalized->epsilon));
    ReplaceWithRange(rewriter, op, norm);
    return mlir::success();
  }
};

}  // namespace

void AddLayerNormPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<RaiseLayerNorm>(patterns.getContext());
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/known_ranges.h"

#include <cmath>

#include "ir/nn/functions.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_map.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/lower/nn_values.h"

namespace mpcc {
namespace {

using Bound = std::optional<double>;

// The largest magnitude that a quantizer yields.
double LargestOf(mlir::quant::QuantizedType type) {
  double largest = 0;
  const auto axis = nn::QuantizedAxis(type);
  auto uniform = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(type);
  const int64_t channels = axis ? static_cast<int64_t>(uniform.getScales().size()) : 1;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t end : {type.getStorageTypeMin(), type.getStorageTypeMax()})
      largest =
          std::max(largest, nn::ScaleOf(type, c) *
                                std::abs(static_cast<double>(end - nn::ZeroPointOf(type, c))));
  return largest;
}

Bound Smaller(Bound a, Bound b) { return a && b ? std::min(*a, *b) : a ? a : b; }

// What is left of values up to `input` behind a quantizer that does not clip.
double Rounded(double input, mlir::quant::QuantizedType type) {
  return nn::QuantizedAxis(type) ? 2 * input : std::min(input + nn::ScaleOf(type) / 2, 2 * input);
}

// The largest |f(x)|, |x| <= range, on a grid.
Bound LargestOf(nn::MapOp op, Bound range) {
  constexpr int kPoints = 2048;
  auto function = nn::ScalarFunction::Of(op);
  if (!range || !function.ok()) return std::nullopt;
  double largest = 0;
  for (int i = -kPoints; i <= kPoints; ++i)
    largest = std::max(largest, std::abs((*function)(*range * i / kPoints)));
  return std::isfinite(largest) ? Bound(largest) : std::nullopt;
}

std::vector<double> ConstantValues(mlir::Value value) {
  auto type = llvm::cast<mlir::ShapedType>(value.getType());
  const bool real = type.getElementType().isF32() || nn::IsQuantized(type);
  if (!real || !value.getDefiningOp<nn::ConstantOp>()) return {};
  auto constant = ReadConstant(value);
  return mlir::succeeded(constant) ? constant->values : std::vector<double>();
}

Bound LargestConstant(mlir::Value value) {
  const std::vector<double> values = ConstantValues(value);
  if (values.empty()) return std::nullopt;
  double largest = 0;
  for (double x : values) largest = std::max(largest, std::abs(x));
  return largest;
}

// A normalized row has no element beyond sqrt(n - 1).
Bound NormBound(nn::LayerNormOp op) {
  const std::vector<double> gamma = ConstantValues(op.getGamma()),
                            beta = ConstantValues(op.getBeta());
  const auto n = llvm::cast<mlir::ShapedType>(op.getInput().getType()).getShape().back();
  if (gamma.empty() || beta.empty()) return std::nullopt;
  double largest = 0;
  for (size_t j = 0; j < std::max(gamma.size(), beta.size()); ++j)
    largest = std::max(largest, std::abs(gamma[j % gamma.size()]) * std::sqrt(double(n - 1)) +
                                    std::abs(beta[j % beta.size()]));
  return largest;
}

// What f cannot exceed, whatever it is of; else what it cannot exceed of values up to `range`.
Bound OfFunction(nn::UnaryKind kind, Bound range) {
  const nn::SecretFunction* f = nn::FindSecretFunction(kind);
  if (!f) return std::nullopt;
  nn::Interval image = f->image({-INFINITY, INFINITY});
  if (!image.IsFinite() && range) image = f->image({-*range, *range});
  return image.IsFinite() ? Bound(std::max(std::abs(image.low), std::abs(image.high)))
                          : std::nullopt;
}

}  // namespace

std::optional<double> GivenRange(mlir::Value real) {
  mlir::Operation* op = real.getDefiningOp();
  if (!op || op->hasAttr(nn::kGuessedAttr)) return std::nullopt;
  auto range = op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr);
  if (range) return range.getValueAsDouble();
  return IsStructural(op) ? GivenRange(op->getOperand(0)) : std::nullopt;
}

KnownRanges::KnownRanges(mlir::func::FuncOp function)
    : quantizers_clip_(!function->hasAttr(nn::kGuessedScalesAttr)), truths_(function) {
  for (mlir::Operation& op : function.getBody().front()) {
    if (op.getNumResults() != 1) continue;
    if (auto found = Find(&op)) known_[op.getResult(0)] = *found;
  }
}

std::optional<double> KnownRanges::Of(mlir::Value real) const {
  auto found = known_.find(real);
  return found == known_.end() ? LargestConstant(real) : std::optional(found->second);
}

// The ends of a quantizer, unless they bound nothing: those of one that was calibrated on what a
// mask adds to scores, or was left to the scores with 32 bits (raise-composites).
std::optional<double> KnownRanges::EndsOf(mlir::quant::QuantizedType type) const {
  constexpr double kNoBound = 1e6;
  if (!quantizers_clip_) return std::nullopt;
  const double ends = LargestOf(type);
  return type.getStorageTypeIntegralWidth() > 16 || ends > kNoBound ? std::nullopt : Bound(ends);
}

// The largest end of the quantizers that read a value, by itself or moved; nothing where anything
// else reads it.
std::optional<double> KnownRanges::EndsOfReaders(mlir::Value real) const {
  Bound largest;
  for (mlir::Operation* user : real.getUsers()) {
    Bound end;
    if (llvm::isa<nn::QuantizeOp>(user))
      end = EndsOf(nn::QuantizedElement(user->getResult(0).getType()));
    else if (IsStructural(user))
      end = EndsOfReaders(user->getResult(0));
    if (!end) return std::nullopt;
    largest = std::max(largest.value_or(0), *end);
  }
  return largest;
}

std::optional<double> KnownRanges::Find(mlir::Operation* op) const {
  if (llvm::isa<nn::ConstantOp>(op)) return std::nullopt;
  mlir::Value result = op->getResult(0);
  if (auto given = GivenRange(result)) return given;
  return Smaller(EndsOfReaders(result), FromOperands(op));
}

std::optional<double> KnownRanges::FromOperands(mlir::Operation* op) const {
  auto operand = [&](unsigned i) { return Of(op->getOperand(i)); };
  if (IsStructural(op)) return operand(0);
  return llvm::TypeSwitch<mlir::Operation*, Bound>(op)
      .Case([&](nn::DequantizeOp o) -> Bound {
        auto quantize = StructuralChain(o.getInput()).base.getDefiningOp<nn::QuantizeOp>();
        if (auto given = quantize ? GivenRange(quantize.getInput()) : std::nullopt) return given;
        auto type = nn::QuantizedElement(o.getInput().getType());
        const Bound input = quantize ? Of(quantize.getInput()) : std::nullopt;
        return Smaller(EndsOf(type), input ? Bound(Rounded(*input, type)) : std::nullopt);
      })
      .Case([&](nn::UnaryOp o) { return OfFunction(o.getKind(), operand(0)); })
      .Case([&](nn::BinaryOp o) -> Bound {
        const Bound a = operand(0), b = operand(1);
        using Kind = nn::BinaryKind;
        if (o.getKind() == Kind::mul && truths_.IsTruth(o.getRhs())) return a;
        if (o.getKind() == Kind::mul && truths_.IsTruth(o.getLhs())) return b;
        if (!a || !b) return std::nullopt;
        if (o.getKind() == Kind::add || o.getKind() == Kind::sub) return *a + *b;
        const auto factor = nn::GetSplatFloat(o.getRhs());
        if (o.getKind() == Kind::div && factor && *factor != 0) return *a / std::abs(*factor);
        return o.getKind() == Kind::mul && factor ? Bound(*a * std::abs(*factor)) : std::nullopt;
      })
      .Case([&](nn::MapOp o) { return LargestOf(o, operand(0)); })
      .Case([&](nn::ConcatOp o) -> Bound {
        double largest = 0;
        for (mlir::Value input : o.getInputs()) {
          const Bound part = Of(input);
          if (!part) return std::nullopt;
          largest = std::max(largest, *part);
        }
        return largest;
      })
      .Case([&](nn::LayerNormOp o) { return NormBound(o); })
      .Case([&](nn::MeanPoolOp) { return operand(0); })
      .Case([&](nn::SoftmaxOp) { return Bound(1.0); })
      .Case([&](nn::L2NormalizeOp) { return Bound(1.0); })
      .Default([](mlir::Operation*) { return std::nullopt; });
}

}  // namespace mpcc

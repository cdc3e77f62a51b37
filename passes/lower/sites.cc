// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/sites.h"

#include <algorithm>

#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/analysis/sign.h"
#include "passes/lower/nn_values.h"
#include "passes/policy/widths.h"
#include "runtime/base/ring.h"

namespace mpcc {

std::optional<ColumnScale> MatchColumnScale(mlir::Value value) {
  auto op = value.getDefiningOp<nn::BinaryOp>();
  const bool divides = op && op.getKind() == nn::BinaryKind::div;
  if (!op || !(divides || op.getKind() == nn::BinaryKind::mul)) return std::nullopt;
  const bool left = !divides && op.getLhs().getDefiningOp<nn::ConstantOp>();
  if (!left && !op.getRhs().getDefiningOp<nn::ConstantOp>()) return std::nullopt;
  const ColumnScale scale{left ? op.getRhs() : op.getLhs(), left ? op.getLhs() : op.getRhs(),
                          divides};
  auto shape = llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
  const auto count = llvm::cast<mlir::RankedTensorType>(scale.factors.getType()).getNumElements();
  if (shape.empty() || (count != 1 && count != shape.back())) return std::nullopt;
  return scale;
}

mlir::Value BelowSaturation(mlir::Value real, bool starts_at_zero) {
  auto unary = real.getDefiningOp<nn::UnaryOp>();
  const bool relu = unary && unary.getKind() == nn::UnaryKind::relu;
  return relu && starts_at_zero ? unary.getInput() : real;
}

bool RoundsReals(const LoweringPolicy& policy, nn::QuantizeOp op) {
  auto type = nn::QuantizedElement(op.getType());
  return !policy.paper() && !nn::QuantizedAxis(type) && nn::BitWidth(type) <= policy.rounded_bits &&
         !StructuralChain(op.getInput()).base.getDefiningOp<nn::SoftmaxOp>();
}

nn::QuantizeOp StepsBehind(const LoweringPolicy& policy, mlir::Value real) {
  mlir::Value base = StructuralChain(real).base;
  while (auto dequantize = base.getDefiningOp<nn::DequantizeOp>())
    base = StructuralChain(dequantize.getInput()).base;
  auto quantize = base.getDefiningOp<nn::QuantizeOp>();
  return quantize && RoundsReals(policy, quantize) ? quantize : nn::QuantizeOp();
}

int IndexBitsOf(const LoweringPolicy& policy, mlir::Operation* function, int otherwise) {
  auto quantize = StepsBehind(policy, function->getOperand(0));
  // From the zero point steps reach as far in both directions.
  return quantize ? BitsOf(policy, quantize.getResult()).bits + 1 : otherwise;
}

int RingOfSteps(const LoweringPolicy& policy, nn::QuantizeOp op, int width, bool exact) {
  constexpr int kWide = 24;  // sums that linear layers enter
  if (!exact || width >= kWide) return width;
  return std::min(width + BitsOf(policy, op.getResult()).bits + policy.fold_bits, kMaxRingBits);
}

int RingOfTerms(const LoweringPolicy& policy, mlir::Value first, mlir::Value second, int width) {
  constexpr int kGuard = 8, kRow = 16;
  int ring = 0;
  for (mlir::Value term : {first, second})
    if (mlir::Operation* op = StructuralChain(term).base.getDefiningOp())
      if (auto own = op->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr); own && ring == 0)
        ring = static_cast<int>(own.getInt());
  if (ring > 0) return std::max(ring, width);
  for (mlir::Value term : {first, second})
    if (auto quantize = StepsBehind(policy, term))
      ring = std::max(ring, RingOfSteps(policy, quantize, width, /*exact=*/true));
  if (ring > 0) return ring;
  return width < kRow ? std::min(width + kGuard, kMaxRingBits) : width;
}

StepRow StepRowOf(const LoweringPolicy& policy, mlir::Value row) {
  constexpr int kSpare = 2;    // of a lift: a sign, and a bit
  constexpr int kTypical = 4;  // elements and variances are so much smaller than they may be
  nn::QuantizeOp quantizer = StepsBehind(policy, row);
  if (!quantizer) return {};
  const int bits = BitsOf(policy, quantizer.getResult()).bits;
  const int magnitude = bits + CeilLog2(ExtentsOf(row).back());
  const int index = VarianceIndexBits(policy.rounded_bits);
  const int fold = policy.fold_bits - kTypical;
  return {quantizer, bits + kSpare, magnitude, std::min(index + 2 * magnitude + fold, kMaxRingBits),
          magnitude + fold};
}

mlir::Value RowOfVariance(mlir::Value real) {
  mlir::Value base = StructuralChain(real).base;
  while (auto sum = base.getDefiningOp<nn::BinaryOp>()) {
    if (sum.getKind() != nn::BinaryKind::add) return {};
    const bool left = sum.getLhs().getDefiningOp<nn::ConstantOp>();
    if (!left && !sum.getRhs().getDefiningOp<nn::ConstantOp>()) return {};
    base = StructuralChain(left ? sum.getRhs() : sum.getLhs()).base;
  }
  auto variance = base.getDefiningOp<nn::VarianceOp>();
  return variance ? variance.getInput() : mlir::Value();
}

namespace {

// Whether what an operation makes of a row may reach about as far. A quantizer may be one that is
// left out, so that its ends bound nothing.
bool KeepsReach(mlir::Operation* op) {
  auto is_constant = [](mlir::Value v) { return v.getDefiningOp<nn::ConstantOp>() != nullptr; };
  return llvm::TypeSwitch<mlir::Operation*, bool>(op)
      .Case<nn::ConcatOp, nn::MeanPoolOp, nn::QuantizeOp, nn::DequantizeOp>(
          [](auto) { return true; })
      .Case([](nn::UnaryOp o) { return o.getKind() == nn::UnaryKind::relu; })
      .Case([&](nn::BinaryOp o) {
        const bool sum = o.getKind() == nn::BinaryKind::add || o.getKind() == nn::BinaryKind::sub;
        return !sum || is_constant(o.getLhs()) || is_constant(o.getRhs());
      })
      .Default(false);
}

bool ReachesAsRow(mlir::Value real) {
  mlir::Operation* op = StructuralChain(real).base.getDefiningOp();
  if (!op || llvm::isa<nn::LayerNormOp>(op)) return op != nullptr;
  return KeepsReach(op) && llvm::any_of(op->getOperands(), ReachesAsRow);
}

}  // namespace

int RowIndexBits(const LoweringPolicy& policy, const Source& source) {
  auto type = nn::QuantizedElement(source.quantized.getType());
  if (policy.paper() || !type) return 0;
  const int bits = nn::BitWidth(type);
  if (nn::IsNarrow(type, policy.rounded_bits)) {
    if (RowOfVariance(source.real)) return VarianceIndexBits(bits);
    if (StructuralChain(source.real).base.getDefiningOp<nn::StandardizeOp>())
      return StandardizedIndexBits(bits);
  }
  const bool few = bits <= policy.table_bits;
  return few && ReachesAsRow(source.real) ? NormIndexBits(policy, bits) : 0;
}

Source SourceOf(mlir::Value operand) {
  Source source;
  source.quantized = StructuralChain(operand).base;
  while (auto dequantize = source.quantized.getDefiningOp<nn::DequantizeOp>())
    source.quantized = StructuralChain(dequantize.getInput()).base;
  auto quantize = source.quantized.getDefiningOp<nn::QuantizeOp>();
  source.real = StructuralChain(quantize ? quantize.getInput() : source.quantized).base;
  const auto scale = MatchColumnScale(source.real);
  source.inner = scale ? scale->real : source.real;
  auto type = quantize ? nn::QuantizedElement(quantize.getType()) : nullptr;
  source.below = BelowSaturation(source.real, type && EndsAtZero(type, Sign::kNonNegative));
  return source;
}

SiteFacts FunctionFacts(const LoweringPolicy& policy, const Source& source,
                        Interpolations& interpolations) {
  const OperandBits bits = BitsOf(policy, source.quantized);
  auto type = llvm::cast<mlir::RankedTensorType>(source.inner.getType());
  const int64_t row = type.getRank() == 0 ? 1 : type.getShape().back();
  SiteFacts facts{SiteKind::kFunction,   bits.bits, bits.magnitude, bits.is_unsigned,
                  type.getNumElements(), row};
  facts.index = IndexBitsOf(policy, source.inner.getDefiningOp(), 0);
  if (policy.paper() || facts.index > 0) return facts;  // a table knows every step
  if (const auto& lines = interpolations.Of(source.inner.getDefiningOp(), bits.bits)) {
    facts.cells = lines->cells;
    facts.operand = OperandBitsOf(*lines, policy);
  }
  return facts;
}

OperandBits BitsOf(const LoweringPolicy& policy, mlir::Value operand) {
  auto type = nn::QuantizedElement(operand.getType());
  if (!type) return {policy.real_bits, policy.real_bits - 1, false};
  const int bits = nn::BitWidth(type);
  return {bits, PublicMagnitude(policy, bits, type.isSigned()),
          bits <= policy.table_bits && !type.isSigned()};
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/sites.h"

#include <algorithm>

#include "ir/nn/types.h"
#include "passes/analysis/sign.h"
#include "passes/lower/interpolation.h"
#include "passes/lower/nn_values.h"
#include "passes/policy/widths.h"

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

int RingOfTerms(mlir::Value first, mlir::Value second, int width) {
  constexpr int kGuard = 8, kRow = 16, kMost = 64;
  int ring = 0;
  for (mlir::Value term : {first, second})
    if (mlir::Operation* op = StructuralChain(term).base.getDefiningOp())
      if (auto own = op->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr); own && ring == 0)
        ring = static_cast<int>(own.getInt());
  if (ring > 0) return std::max(ring, width);
  return width < kRow ? std::min(width + kGuard, kMost) : width;
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

SiteFacts FunctionFacts(const LoweringPolicy& policy, const Source& source) {
  const OperandBits bits = BitsOf(policy, source.quantized);
  auto type = llvm::cast<mlir::RankedTensorType>(source.inner.getType());
  const int64_t row = type.getRank() == 0 ? 1 : type.getShape().back();
  SiteFacts facts{SiteKind::kFunction,   bits.bits, bits.magnitude, bits.is_unsigned,
                  type.getNumElements(), row};
  if (policy.paper()) return facts;
  if (const auto lines = InterpolationOf(source.inner.getDefiningOp(), bits.bits, policy)) {
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

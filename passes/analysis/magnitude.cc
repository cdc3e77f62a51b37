// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/magnitude.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>

#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_measure.h"
#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mpcc {
namespace {

using nn::BinaryKind;
using nn::UnaryKind;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr Ends kTruth{0, 1}, kSigned{-1, 1}, kIds{0, 1e6}, kReals{-1e6, 1e6}, kNormalized{-64, 64};
constexpr double kMostFinite = 1e20;       // powers and exponentials that are taken for finite
constexpr double kMostInteger = 0x1p63;    // in 64 bits
constexpr int64_t kLargestMask = 1 << 22;  // elements; larger constants are weights

Ends Hull(std::initializer_list<double> values) {
  const auto [low, high] = std::minmax(values);
  return {low, high};
}
Ends Hull(Ends a, Ends b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }
Ends Clamp(Ends x, double most) {
  return {std::clamp(x.low, -most, most), std::clamp(x.high, -most, most)};
}
double Largest(Ends x) { return std::max(std::abs(x.low), std::abs(x.high)); }
Ends Symmetric(double most) { return {-most, most}; }

double Times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }
Ends Times(Ends a, Ends b) {
  return Hull(
      {Times(a.low, b.low), Times(a.low, b.high), Times(a.high, b.low), Times(a.high, b.high)});
}

mlir::ShapedType TypeOf(mlir::Value value) { return llvm::cast<mlir::ShapedType>(value.getType()); }
double ElementsOf(mlir::Value value) {
  return std::max(1.0, static_cast<double>(TypeOf(value).getNumElements()));
}

Ends OfConstant(nn::ConstantOp op) {
  if (TypeOf(op).getNumElements() > kLargestMask) return {};
  const auto tensor = nn::GetConstantTensor(op);
  if (!tensor.ok() || tensor->size() == 0) return {};
  return std::visit(
      [](const auto& values) {
        const auto [low, high] = std::ranges::minmax_element(values);
        return Ends{static_cast<double>(*low), static_cast<double>(*high)};
      },
      tensor->data);
}

Ends OfQuotient(Ends a, Ends b) {
  if (b.low <= 0 && b.high >= 0) return Symmetric(Largest(a));  // by what is 1 at least, as counts
  return Times(a, Hull({1 / b.low, 1 / b.high}));
}

Ends OfPower(Ends a, Ends b) {
  const double most = std::max(1.0, std::pow(std::max(1.0, Largest(a)), std::max(0.0, b.high)));
  return Clamp({a.low < 0 ? -most : 0, most}, kMostFinite);
}

Ends OfBinary(BinaryKind kind, Ends a, Ends b) {
  switch (kind) {
    case BinaryKind::add:
      return {a.low + b.low, a.high + b.high};
    case BinaryKind::sub:
      return {a.low - b.high, a.high - b.low};
    case BinaryKind::mul:
      return Times(a, b);
    case BinaryKind::div:
      return OfQuotient(a, b);
    case BinaryKind::pow:
      return OfPower(a, b);
    case BinaryKind::max:
      return {std::max(a.low, b.low), std::max(a.high, b.high)};
    case BinaryKind::min:
      return {std::min(a.low, b.low), std::min(a.high, b.high)};
    case BinaryKind::equal:
      return a.high < b.low || b.high < a.low ? Ends{} : kTruth;  // no finite number is infinity
    default:
      return kTruth;  // a comparison
  }
}

Ends OfUnary(UnaryKind kind, Ends x) {
  switch (kind) {
    case UnaryKind::neg:
      return {-x.high, -x.low};
    case UnaryKind::abs:
      return {0, Largest(x)};
    case UnaryKind::relu:
      return {std::max(0.0, x.low), std::max(0.0, x.high)};
    case UnaryKind::erf:
    case UnaryKind::tanh:
    case UnaryKind::sin:
    case UnaryKind::cos:
    case UnaryKind::sign:
      return kSigned;
    case UnaryKind::sigmoid:
    case UnaryKind::logical_not:
      return kTruth;
    case UnaryKind::exp:
      return Clamp({std::exp(x.low), std::exp(x.high)}, kMostFinite);
    case UnaryKind::log:
      return {x.low > 0 ? std::log(x.low) : -kInfinite, std::log(std::max(x.high, 1.0))};
    default:
      return {std::min(x.low, -1.0), std::max(x.high, 1.0)};
  }
}

Ends OfReduced(nn::ReduceOp op, Ends x) {
  const double count = ElementsOf(op.getInput()) / ElementsOf(op);
  switch (op.getKind()) {
    case nn::ReduceKind::max:
    case nn::ReduceKind::min:
    case nn::ReduceKind::mean:
      return x;
    case nn::ReduceKind::prod:
      return OfPower(x, {0, count});
    case nn::ReduceKind::sum_square:
      return {0, count * Largest(x) * Largest(x)};
    default:
      return Times(Hull(x, {}), {0, count});
  }
}

// The ends of a quantized type; those of weights are of no mask.
Ends OfQuantized(mlir::Type type) {
  const auto element = nn::QuantizedElement(type);
  if (nn::QuantizedAxis(element)) return {};
  const auto real = [&](int64_t stored) {
    return nn::ScaleOf(element) * static_cast<double>(stored - nn::ZeroPointOf(element));
  };
  return {real(element.getStorageTypeMin()), real(element.getStorageTypeMax())};
}

Ends OfArgument(mlir::func::FuncOp function, unsigned index) {
  const std::string role = nn::RoleOf(function, index);
  if (role == nn::kMaskRole) return kTruth;
  const auto name = function.getArgAttrOfType<mlir::StringAttr>(index, nn::kNameAttr);
  if (role == nn::kBiasRole && name && name.getValue().contains_insensitive("mask"))
    return {-kInfinite, kReals.high};
  return TypeOf(function.getArgument(index)).getElementType().isF32() ? kReals : kIds;
}

// Of the operands that have the element type of the result.
Ends OfOthers(mlir::Operation* op, const MagnitudeAnalysis& known) {
  Ends all;
  for (mlir::Value operand : op->getOperands())
    if (mlir::getElementTypeOrSelf(operand) == mlir::getElementTypeOrSelf(op->getResult(0)))
      all = Hull(all, known.Of(operand));
  return all;
}

Ends OfResult(mlir::Operation* op, const MagnitudeAnalysis& known) {
  const mlir::Type type = op->getResult(0).getType();
  if (nn::IsQuantized(type)) return OfQuantized(type);
  return llvm::TypeSwitch<mlir::Operation*, Ends>(op)
      .Case([&](nn::ConstantOp constant) { return OfConstant(constant); })
      .Case([&](nn::BinaryOp binary) {
        return OfBinary(binary.getKind(), known.Of(binary.getLhs()), known.Of(binary.getRhs()));
      })
      .Case([&](nn::UnaryOp unary) {
        const Ends x = known.Of(unary.getInput());
        return unary.getKind() == UnaryKind::cast ? x : OfUnary(unary.getKind(), x);
      })
      .Case([&](nn::SelectOp select) {
        const Ends a = known.Of(select.getLhs()), b = known.Of(select.getRhs());
        return known.Of(select.getCondition()).high == 0 ? b : Hull(a, b);
      })
      .Case([&](nn::ReduceOp reduce) { return OfReduced(reduce, known.Of(reduce.getInput())); })
      .Case([&](nn::DequantizeOp dequantize) { return known.Of(dequantize.getInput()); })
      .Case<nn::LinearOp, nn::MatMulOp>([](mlir::Operation*) { return kReals; })
      .Case<nn::LayerNormOp, nn::L2NormalizeOp>([](mlir::Operation*) { return kNormalized; })
      .Case([](nn::SoftmaxOp) { return kTruth; })
      .Default([&](mlir::Operation*) { return OfOthers(op, known); });
}

}  // namespace

MagnitudeAnalysis::MagnitudeAnalysis(mlir::func::FuncOp function,
                                     const nn::VisibilityAnalysis& visibility) {
  const auto is_tensor = [](mlir::Value x) { return llvm::isa<mlir::ShapedType>(x.getType()); };
  for (mlir::BlockArgument argument : function.getArguments())
    if (visibility.IsVisible(argument) && is_tensor(argument))
      known_[argument] = OfArgument(function, argument.getArgNumber());
  for (mlir::Operation& op : function.getBody().front()) {
    if (op.getNumResults() != 1 || !is_tensor(op.getResult(0))) continue;
    const mlir::Value result = op.getResult(0);
    if (!visibility.IsVisible(result) && !llvm::isa<nn::ConstantOp>(op)) continue;
    const Ends ends = OfResult(&op, *this);
    const bool integers = TypeOf(result).getElementType().isInteger();
    known_[result] = integers ? Clamp(ends, kMostInteger) : ends;
  }
}

bool MagnitudeAnalysis::MayStandForInfinity(mlir::Value value) const {
  return Largest(Of(value)) >= nn::kUnbounded;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/magnitude.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_measure.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc {
namespace {

using nn::BinaryKind;
using nn::UnaryKind;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kOfInputs = 1e6;          // ids, positions
constexpr int64_t kLargestMask = 1 << 22;  // elements; larger constants are weights

double Largest(mlir::ValueRange values, const MagnitudeAnalysis& known) {
  double most = 0;
  for (mlir::Value value : values) most = std::max(most, known.Of(value));
  return most;
}

int64_t ElementsOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getNumElements();
}

double OfConstant(nn::ConstantOp op) {
  const auto shaped = llvm::cast<mlir::ShapedType>(op.getType());
  if (!shaped.getElementType().isF32()) return kOfInputs;
  if (shaped.getNumElements() > kLargestMask) return 0;
  const auto tensor = nn::GetConstantTensor(op);
  double most = 0;
  if (tensor.ok())
    for (float x : tensor->floats()) most = std::max(most, std::abs(static_cast<double>(x)));
  return most;
}

double OfBinary(nn::BinaryOp op, const MagnitudeAnalysis& known) {
  const double a = known.Of(op.getLhs()), b = known.Of(op.getRhs());
  switch (op.getKind()) {
    case BinaryKind::add:
    case BinaryKind::sub:
      return a + b;
    case BinaryKind::mul:
      return a == 0 || b == 0 ? 0 : a * b;
    case BinaryKind::div: {
      const auto divisor = nn::GetSplatFloat(op.getRhs());
      return divisor && *divisor != 0 ? a / std::abs(*divisor) : a;
    }
    case BinaryKind::pow:
      return a <= 1 ? 1 : std::pow(a, b);
    case BinaryKind::max:
    case BinaryKind::min:
      return std::max(a, b);
    default:
      return 1;  // a comparison
  }
}

double OfUnary(nn::UnaryOp op, const MagnitudeAnalysis& known) {
  const double x = known.Of(op.getInput());
  switch (op.getKind()) {
    case UnaryKind::erf:
    case UnaryKind::tanh:
    case UnaryKind::sigmoid:
    case UnaryKind::sin:
    case UnaryKind::cos:
    case UnaryKind::sign:
    case UnaryKind::logical_not:
      return 1;
    case UnaryKind::exp:
      return std::exp(x);
    case UnaryKind::log:
      return kInfinite;  // of a mask's zeros
    default:
      return std::max(x, 1.0);
  }
}

// The ends of a quantized type.
double OfQuantized(mlir::Type element) {
  const auto type = nn::QuantizedElement(element);
  double most = 0;
  if (nn::QuantizedAxis(type)) return most;  // a weight
  for (const int64_t end : {type.getStorageTypeMin(), type.getStorageTypeMax()})
    most = std::max(most,
                    std::abs(nn::ScaleOf(type) * static_cast<double>(end - nn::ZeroPointOf(type))));
  return most;
}

double OfArgument(mlir::func::FuncOp function, unsigned index) {
  const std::string role = nn::RoleOf(function, index);
  if (role == nn::kBiasRole) return kInfinite;
  return role == nn::kMaskRole ? 1 : kOfInputs;
}

double OfResult(mlir::Operation* op, const MagnitudeAnalysis& known) {
  return llvm::TypeSwitch<mlir::Operation*, double>(op)
      .Case([&](nn::ConstantOp constant) { return OfConstant(constant); })
      .Case([&](nn::BinaryOp binary) { return OfBinary(binary, known); })
      .Case([&](nn::UnaryOp unary) { return OfUnary(unary, known); })
      .Case([&](nn::ReduceOp reduce) {
        const double parts = static_cast<double>(ElementsOf(reduce.getInput())) /
                             static_cast<double>(std::max<int64_t>(1, ElementsOf(reduce)));
        return Largest(reduce->getOperands(), known) * parts;
      })
      .Case<nn::LayerNormOp, nn::L2NormalizeOp, nn::SoftmaxOp>(
          [](mlir::Operation*) { return kOfInputs; })
      .Default([&](mlir::Operation*) { return Largest(op->getOperands(), known); });
}

}  // namespace

MagnitudeAnalysis::MagnitudeAnalysis(mlir::func::FuncOp function,
                                     const nn::VisibilityAnalysis& visibility) {
  for (mlir::BlockArgument argument : function.getArguments())
    if (visibility.IsVisible(argument))
      known_[argument] = OfArgument(function, argument.getArgNumber());
  for (mlir::Operation& op : function.getBody().front()) {
    if (op.getNumResults() != 1) continue;
    const mlir::Value result = op.getResult(0);
    if (!visibility.IsVisible(result) && !llvm::isa<nn::ConstantOp>(op)) continue;
    known_[result] =
        nn::IsQuantized(result.getType()) ? OfQuantized(result.getType()) : OfResult(&op, *this);
  }
}

bool MagnitudeAnalysis::MayStandForInfinity(mlir::Value value) const {
  return Of(value) >= nn::kUnbounded;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/sign.h"

#include <cmath>

#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc {
namespace {

Sign Opposite(Sign sign) {
  return sign == Sign::kNonNegative ? Sign::kNonPositive : Sign::kNonNegative;
}

bool Allows(double number, Sign sign) {
  return sign == Sign::kNonNegative ? number >= 0 : number <= 0;
}

}  // namespace

bool SignAnalysis::OfUnary(nn::UnaryOp op, Sign sign) const {
  using Kind = nn::UnaryKind;
  static constexpr Kind kNonNegative[] = {Kind::relu, Kind::sigmoid, Kind::exp, Kind::abs,
                                          Kind::sqrt};
  static constexpr Kind kKeepsSign[] = {Kind::tanh, Kind::erf, Kind::cast, Kind::reciprocal};
  const Kind kind = op.getKind();
  if (llvm::is_contained(kNonNegative, kind)) return sign == Sign::kNonNegative;
  if (kind == Kind::neg) return Has(op.getInput(), Opposite(sign));
  return llvm::is_contained(kKeepsSign, kind) && Has(op.getInput(), sign);
}

// A product or quotient of values of known signs, or a square.
bool SignAnalysis::OfProduct(nn::BinaryOp op, Sign sign) const {
  if (op.getLhs() == op.getRhs()) return sign == Sign::kNonNegative;
  return llvm::any_of(
      std::initializer_list<Sign>{Sign::kNonNegative, Sign::kNonPositive}, [&](Sign lhs) {
        const bool same = sign == Sign::kNonNegative;
        return Has(op.getLhs(), lhs) && Has(op.getRhs(), same ? lhs : Opposite(lhs));
      });
}

bool SignAnalysis::OfPower(nn::BinaryOp op, Sign sign) const {
  if (sign != Sign::kNonNegative) return false;
  const auto exponent = nn::GetSplatFloat(op.getRhs());
  return (exponent && std::fmod(*exponent, 2) == 0) || Has(op.getLhs(), sign);
}

bool SignAnalysis::OfBinary(nn::BinaryOp op, Sign sign) const {
  const bool left = Has(op.getLhs(), sign);
  auto right = [&] { return Has(op.getRhs(), sign); };
  switch (op.getKind()) {
    case nn::BinaryKind::add:
      return left && right();
    case nn::BinaryKind::sub:
      return left && Has(op.getRhs(), Opposite(sign));
    case nn::BinaryKind::mul:
    case nn::BinaryKind::div:
      return OfProduct(op, sign);
    case nn::BinaryKind::pow:
      return OfPower(op, sign);
    case nn::BinaryKind::max:
      return sign == Sign::kNonNegative ? left || right() : left && right();
    case nn::BinaryKind::min:
      return sign == Sign::kNonNegative ? left && right() : left || right();
    default:
      return sign == Sign::kNonNegative;  // comparisons
  }
}

bool EndsAtZero(mlir::quant::QuantizedType type, Sign sign) {
  if (nn::QuantizedAxis(type)) return false;
  const int64_t end =
      sign == Sign::kNonNegative ? type.getStorageTypeMin() : type.getStorageTypeMax();
  return nn::ZeroPointOf(type) == end;
}

SignAnalysis::SignAnalysis(mlir::func::FuncOp function) {
  for (mlir::Operation& op : function.getBody().front())
    for (Sign sign : {Sign::kNonNegative, Sign::kNonPositive})
      if (op.getNumResults() == 1 && Find(&op, sign))
        known_.insert({op.getResult(0), static_cast<int>(sign)});
}

bool SignAnalysis::Has(mlir::Value value, Sign sign) const {
  return known_.contains({value, static_cast<int>(sign)});
}

bool SignAnalysis::Find(mlir::Operation* op, Sign sign) const {
  auto all = [&](mlir::ValueRange values) {
    return llvm::all_of(values, [&](mlir::Value value) { return Has(value, sign); });
  };
  return llvm::TypeSwitch<mlir::Operation*, bool>(op)
      .Case([&](nn::ConstantOp o) {
        const auto number = nn::GetSplatFloat(o.getResult());
        return number && Allows(*number, sign);
      })
      .Case([&](nn::UnaryOp o) { return OfUnary(o, sign); })
      .Case([&](nn::BinaryOp o) { return OfBinary(o, sign); })
      .Case([&](nn::QuantizeOp o) {
        return EndsAtZero(nn::QuantizedElement(o.getType()), sign) || Has(o.getInput(), sign);
      })
      .Case([&](nn::ReduceOp o) {
        return o.getKind() == nn::ReduceKind::l2 ? sign == Sign::kNonNegative : all(o.getInput());
      })
      .Case<nn::SoftmaxOp, nn::VarianceOp>(
          [&](mlir::Operation*) { return sign == Sign::kNonNegative; })
      .Case([&](nn::SelectOp o) {
        return all({o.getLhs(), o.getRhs()});
      })
      .Case<nn::ConcatOp, nn::DequantizeOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp,
            nn::BroadcastOp>([&](mlir::Operation* o) { return all(o->getOperands()); })
      .Case<nn::MeanPoolOp, nn::L2NormalizeOp>(
          [&](mlir::Operation* o) { return all(o->getOperand(0)); })
      .Default([](mlir::Operation*) { return false; });
}

}  // namespace mpcc

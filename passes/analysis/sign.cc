// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/sign.h"

#include <cmath>

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

bool OfUnary(nn::UnaryOp op, Sign sign) {
  using Kind = nn::UnaryKind;
  static constexpr Kind kNonNegative[] = {Kind::relu, Kind::sigmoid, Kind::exp, Kind::abs,
                                          Kind::sqrt};
  static constexpr Kind kKeepsSign[] = {Kind::tanh, Kind::erf, Kind::cast, Kind::reciprocal};
  const Kind kind = op.getKind();
  if (llvm::is_contained(kNonNegative, kind)) return sign == Sign::kNonNegative;
  if (kind == Kind::neg) return HasSign(op.getInput(), Opposite(sign));
  return llvm::is_contained(kKeepsSign, kind) && HasSign(op.getInput(), sign);
}

// A product or quotient of values of known signs, or a square.
bool OfProduct(nn::BinaryOp op, Sign sign) {
  if (op.getLhs() == op.getRhs()) return sign == Sign::kNonNegative;
  return llvm::any_of(
      std::initializer_list<Sign>{Sign::kNonNegative, Sign::kNonPositive}, [&](Sign lhs) {
        const bool same = sign == Sign::kNonNegative;
        return HasSign(op.getLhs(), lhs) && HasSign(op.getRhs(), same ? lhs : Opposite(lhs));
      });
}

bool OfPower(nn::BinaryOp op, Sign sign) {
  if (sign != Sign::kNonNegative) return false;
  const auto exponent = nn::GetSplatFloat(op.getRhs());
  return (exponent && std::fmod(*exponent, 2) == 0) || HasSign(op.getLhs(), sign);
}

bool OfBinary(nn::BinaryOp op, Sign sign) {
  const bool left = HasSign(op.getLhs(), sign);
  auto right = [&] { return HasSign(op.getRhs(), sign); };
  switch (op.getKind()) {
    case nn::BinaryKind::add:
      return left && right();
    case nn::BinaryKind::sub:
      return left && HasSign(op.getRhs(), Opposite(sign));
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

bool OfQuantize(nn::QuantizeOp op, Sign sign) {
  return EndsAtZero(nn::QuantizedElement(op.getType()), sign) || HasSign(op.getInput(), sign);
}

bool OfReduce(nn::ReduceOp op, Sign sign) {
  if (op.getKind() == nn::ReduceKind::l2) return sign == Sign::kNonNegative;
  return HasSign(op.getInput(), sign);
}

}  // namespace

bool EndsAtZero(mlir::quant::QuantizedType type, Sign sign) {
  if (nn::QuantizedAxis(type)) return false;
  const int64_t end =
      sign == Sign::kNonNegative ? type.getStorageTypeMin() : type.getStorageTypeMax();
  return nn::ZeroPointOf(type) == end;
}

bool HasSign(mlir::Value value, Sign sign) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return false;
  return llvm::TypeSwitch<mlir::Operation*, bool>(op)
      .Case([&](nn::ConstantOp) {
        const auto number = nn::GetSplatFloat(value);
        return number && Allows(*number, sign);
      })
      .Case([&](nn::UnaryOp o) { return OfUnary(o, sign); })
      .Case([&](nn::BinaryOp o) { return OfBinary(o, sign); })
      .Case([&](nn::QuantizeOp o) { return OfQuantize(o, sign); })
      .Case([&](nn::ReduceOp o) { return OfReduce(o, sign); })
      .Case([&](nn::SoftmaxOp) { return sign == Sign::kNonNegative; })
      .Case([&](nn::SelectOp o) { return HasSign(o.getLhs(), sign) && HasSign(o.getRhs(), sign); })
      .Case([&](nn::ConcatOp o) {
        return llvm::all_of(o.getInputs(), [&](mlir::Value v) { return HasSign(v, sign); });
      })
      .Case<nn::DequantizeOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp, nn::BroadcastOp,
            nn::MeanPoolOp, nn::L2NormalizeOp>(
          [&](mlir::Operation* o) { return HasSign(o->getOperand(0), sign); })
      .Default([](mlir::Operation*) { return false; });
}

}  // namespace mpcc

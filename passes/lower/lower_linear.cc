// SPDX-License-Identifier: Apache-2.0
// Products and sums: linear layers, products of two shared tensors, residual additions.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"

namespace mpcc {
namespace {

double RingUnit(const Want& want, int ring) { return std::ldexp(want.unit, want.width - ring); }

// The finest unit not below `unit` that makes one-scale weights exact multiples.
double ExactUnit(double unit, double step) {
  const double multiplier = std::floor(step / unit);
  return multiplier >= 1 ? step / multiplier : unit;
}

int64_t ElementsOf(mlir::Value share) { return Emitter::TypeOf(share).numElements(); }

void ScaleColumns(std::vector<double>& values, const Want& want) {
  if (!want.columns) return;
  for (size_t i = 0; i < values.size(); ++i) values[i] *= want.Column(i);
}

llvm::SmallVector<int64_t> Batched(llvm::ArrayRef<int64_t> shape) {
  int64_t batch = 1;
  for (int64_t extent : shape.drop_back(2)) batch *= extent;
  return {batch, shape[shape.size() - 2], shape.back()};
}

llvm::ArrayRef<int64_t> ShapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

}  // namespace

mlir::FailureOr<Fixed> Lowering::LowerLinear(nn::LinearOp op, Want want) {
  auto ring = RingOf(op);
  if (mlir::failed(ring)) return mlir::failure();
  *ring = std::max(*ring, want.width);  // a result of the network is read in a wide ring
  auto x = LowerOperand(op, {0, *ring, false});
  auto weight = ReadConstant(op.getWeight());
  if (mlir::failed(x) || mlir::failed(weight)) return mlir::failure();

  double unit = RingUnit(want, *ring);
  if (weight->step && !want.exact && !want.columns) unit = ExactUnit(unit, x->unit * *weight->step);
  std::vector<double> bias(weight->shape.back(), 0.0);
  if (op.getBias()) {
    auto constant = ReadConstant(op.getBias());
    if (mlir::failed(constant)) return mlir::failure();
    bias = constant->values;
  }
  ScaleColumns(weight->values, want);
  ScaleColumns(bias, want);
  At(op);
  mlir::Value acc = emit_.Linear(
      x->value, emit_.Private(InUnits(weight->values, unit / x->unit), weight->shape, *ring),
      emit_.PrivateRow(InUnits(bias, unit), *ring));
  return Fixed{emit_.Extract(acc, want.width), std::ldexp(unit, *ring - want.width)};
}

// The right operand's unit is chosen so that the accumulator meets the wanted unit.
mlir::FailureOr<Fixed> Lowering::LowerMatMul(nn::MatMulOp op, Want want) {
  auto ring = RingOf(op);
  if (mlir::failed(ring)) return mlir::failure();
  if (want.width > *ring)
    return Refuse(op.getLoc(),
                  fmt::format("a product of computed values that is read in {} bits, and its ring "
                              "has {}",
                              want.width, *ring),
                  "such products before softmax or a quantizer",
                  "put a linear layer between this product and the result");
  if (want.columns)
    return Refuse(op.getLoc(), "a product of computed values that is scaled by column",
                  "one factor for the whole product", "scale the linear layer behind it instead");
  auto lhs = LowerOperand(op, {0, *ring, false});
  if (mlir::failed(lhs)) return mlir::failure();
  auto rhs = LowerOperand(op, {1, *ring, true}, RingUnit(want, *ring) / lhs->unit);
  if (mlir::failed(rhs)) return mlir::failure();
  At(op);
  mlir::Value a = emit_.Reshape(lhs->value, Batched(ShapeOf(op.getLhs())));
  mlir::Value b = emit_.Reshape(rhs->value, Batched(ShapeOf(op.getRhs())));
  mlir::Value acc = emit_.Reshape(emit_.MatMul(a, b, op.getTransposeB()), ShapeOf(op.getResult()));
  return Fixed{emit_.Extract(acc, want.width), want.unit};
}

// Sums, and products and quotients with a constant: verify-canonical-nn admits no other.
mlir::FailureOr<Fixed> Lowering::LowerBinary(nn::BinaryOp op, Want want) {
  using Kind = nn::BinaryKind;
  if (op.getKind() == Kind::add || op.getKind() == Kind::sub) return LowerSum(op, want);
  for (auto [real, truth] :
       {std::pair(op.getLhs(), op.getRhs()), std::pair(op.getRhs(), op.getLhs())})
    if (op.getKind() == Kind::mul && !real.getDefiningOp<nn::ConstantOp>() &&
        visibility_.IsVisible(truth) && truths_.IsTruth(truth))
      return LowerMasked(op, real, truth, want);
  const bool divides = op.getKind() == Kind::div;
  const bool left = !divides && op.getLhs().getDefiningOp<nn::ConstantOp>();
  Value real = left ? op.getRhs() : op.getLhs(), constant = left ? op.getLhs() : op.getRhs();
  const auto splat = nn::GetSplatFloat(constant);
  const double factor = splat ? (divides ? 1 / *splat : *splat) : 0;
  if (!(factor > 0)) return LowerColumnScale(real, constant, divides, want);
  auto x = LowerReal(real, {want.width, want.unit / factor, want.exact, want.columns});
  if (mlir::failed(x)) return mlir::failure();
  return Fixed{x->value, x->unit * factor};
}

// P1 shares its zeros and ones in the ring of the value.
mlir::FailureOr<Fixed> Lowering::LowerMasked(nn::BinaryOp op, Value real, Value truth, Want want) {
  if (ShapeOf(real) != ShapeOf(op.getResult()))
    return Refuse(op.getLoc(), "a condition of more elements than the secret value it multiplies",
                  "conditions that broadcast to the value", "repeat the value before");
  auto x = LowerReal(real, want);
  if (mlir::failed(x)) return mlir::failure();
  At(op);
  Value shared = emit_.Input(emit_.Encode(truth, 0, want.width));
  return Fixed{emit_.Product({x->value, shared}), x->unit};
}

// A factor per column (smoothed activations) costs nothing: the producer's constants take it up.
mlir::FailureOr<Fixed> Lowering::LowerColumnScale(Value real, Value factors, bool divides,
                                                  Want want) {
  auto constant = ReadConstant(factors);
  if (mlir::failed(constant)) return mlir::failure();
  const size_t count = constant->values.size();
  if (count != 1 && static_cast<int64_t>(count) != ShapeOf(real).back())
    return Refuse(real.getLoc(),
                  "a secret value scaled by a constant that is no row of its columns",
                  "one factor, or one for each element of the last axis",
                  "scale before the value is reshaped or transposed");
  if (divides)
    for (double& factor : constant->values) factor = 1 / factor;
  if (want.columns && want.columns->size() > count)
    constant->values.resize(want.columns->size(), constant->values[0]);
  ScaleColumns(constant->values, want);
  want.columns = &constant->values;
  return LowerReal(real, want);
}

// The smaller operand is repeated for the larger one.
mlir::Value Lowering::Sum(Value a, Value b) {
  return ElementsOf(a) < ElementsOf(b) ? emit_.Add(b, a) : emit_.Add(a, b);
}

mlir::FailureOr<Fixed> Lowering::LowerAddConstant(nn::BinaryOp op, Value real,
                                                  nn::ConstantOp constant, Want want) {
  auto x = LowerReal(real, want);
  const bool subtracts = op.getKind() == nn::BinaryKind::sub;
  auto values = ReadConstant(constant);
  if (mlir::failed(x) || mlir::failed(values)) return mlir::failure();
  At(op);
  const int64_t width = ShapeOf(op.getResult()).back();
  if (values->values.size() == 1) {  // a row: shares have at least one axis
    values->values.resize(want.columns ? width : 1, values->values[0]);
    values->shape = {static_cast<int64_t>(values->values.size())};
  }
  if (want.columns && (static_cast<int64_t>(values->values.size()) != width ||
                       values->shape.back() != width || ShapeOf(real).back() != width))
    return Refuse(op.getLoc(), "a constant that is no row of columns, added to a scaled value",
                  "one summand for each element of the last axis", "scale before the addition");
  ScaleColumns(values->values, want);
  const bool from_constant = op.getLhs() == constant.getResult();
  if (subtracts && !from_constant)
    for (double& value : values->values) value = -value;
  mlir::Value share =
      emit_.SharePrivate(InUnits(values->values, x->unit), values->shape, want.width);
  const bool negated = subtracts && from_constant;
  return Fixed{Sum(negated ? emit_.MulPublic(x->value, -1) : x->value, share), x->unit};
}

// A residual addition or a difference: the linear layer that adds to the stream chooses the unit,
// so that its multiplier is exact; the other operand follows.
mlir::FailureOr<Fixed> Lowering::LowerSum(nn::BinaryOp op, Want want) {
  if (auto constant = op.getRhs().getDefiningOp<nn::ConstantOp>())
    return LowerAddConstant(op, op.getLhs(), constant, want);
  if (auto constant = op.getLhs().getDefiningOp<nn::ConstantOp>())
    return LowerAddConstant(op, op.getRhs(), constant, want);

  Value first = op.getLhs(), second = op.getRhs();
  if (want.columns && ShapeOf(first).back() != ShapeOf(second).back())
    return Refuse(op.getLoc(), "factors by column of a sum that repeats a column",
                  "operands with as many columns as the sum", "scale before the addition");
  if (StructuralChain(second).base.getDefiningOp<nn::LinearOp>()) std::swap(first, second);
  int ring = want.width;
  if (auto linear = StructuralChain(first).base.getDefiningOp<nn::LinearOp>()) {
    auto own = RingOf(linear);
    if (mlir::failed(own)) return mlir::failure();
    ring = std::max(ring, *own);
  }
  auto a = LowerReal(first, {ring, RingUnit(want, ring), want.exact, want.columns});
  if (mlir::failed(a)) return mlir::failure();
  auto b = LowerReal(second, {ring, a->unit, true, want.columns});
  if (mlir::failed(b)) return mlir::failure();
  At(op);
  if (op.getKind() == nn::BinaryKind::sub) {
    Value& subtrahend = first == op.getLhs() ? b->value : a->value;
    subtrahend = emit_.MulPublic(subtrahend, -1);
  }
  mlir::Value sum = Sum(a->value, b->value);
  return Fixed{emit_.Extract(sum, want.width), std::ldexp(a->unit, ring - want.width)};
}

}  // namespace mpcc

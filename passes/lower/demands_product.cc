// SPDX-License-Identifier: Apache-2.0
// Products and sums: linear layers, products of two shared tensors, residual additions.
#include "fmt/format.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/demands.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"

namespace mpcc {
namespace {

// The finest unit not below `unit` that makes one-scale weights exact multiples.
double ExactUnit(double unit, double step) {
  const double multiplier = std::floor(step / unit);
  return multiplier >= 1 ? step / multiplier : unit;
}

}  // namespace

mlir::FailureOr<Given> Demands::Linear(nn::LinearOp op, Want want) {
  auto own = RingOf(op);
  if (mlir::failed(own)) return mlir::failure();
  const int ring = std::max(*own, want.width);  // a result of the network is read in a wide ring
  auto x = Operand(op, {0, ring, false});
  auto weight = ReadConstant(op.getWeight());
  if (mlir::failed(x) || mlir::failed(weight)) return mlir::failure();
  if (op.getBias() && mlir::failed(ReadConstant(op.getBias()))) return mlir::failure();
  double unit = want.UnitIn(ring);
  if (weight->step && !want.exact && !want.columns) unit = ExactUnit(unit, x->unit * *weight->step);
  return Decide({.form = Form::kLinear,
                 .loc = op.getLoc(),
                 .value = op.getResult(),
                 .operands = {*x},
                 .ring = ring,
                 .width = want.width,
                 .unit = unit,
                 .columns = want.Columns(),
                 .offset = want.offset},
                std::ldexp(unit, ring - want.width));
}

// The right operand's unit is chosen so that the accumulator meets the wanted unit.
mlir::FailureOr<Given> Demands::MatMul(nn::MatMulOp op, Want want) {
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
  auto lhs = Operand(op, {0, *ring, false});
  if (mlir::failed(lhs)) return mlir::failure();
  auto rhs = Operand(op, {1, *ring, true}, want.UnitIn(*ring) / lhs->unit);
  if (mlir::failed(rhs)) return mlir::failure();
  return DecideFor(want, {.form = Form::kMatMul,
                          .loc = op.getLoc(),
                          .value = op.getResult(),
                          .operands = {*lhs, *rhs},
                          .ring = *ring});
}

// Sums, and products and quotients with a constant: verify-canonical-nn admits no other.
mlir::FailureOr<Given> Demands::Binary(nn::BinaryOp op, Want want) {
  using Kind = nn::BinaryKind;
  if (const auto pool = nn::PoolOf(op)) return MeanPool(*pool, want);
  if (op.getKind() == Kind::add || op.getKind() == Kind::sub) return Sum(op, want);
  for (auto [real, truth] :
       {std::pair(op.getLhs(), op.getRhs()), std::pair(op.getRhs(), op.getLhs())})
    if (op.getKind() == Kind::mul && !real.getDefiningOp<nn::ConstantOp>() &&
        visibility_.IsVisible(truth) && truths_.IsTruth(truth))
      return Masked(op, real, truth, want);
  const bool divides = op.getKind() == Kind::div;
  const bool left = !divides && op.getLhs().getDefiningOp<nn::ConstantOp>();
  Value real = left ? op.getRhs() : op.getLhs(), constant = left ? op.getLhs() : op.getRhs();
  const auto splat = nn::GetSplatFloat(constant);
  const double factor = splat ? (divides ? 1 / *splat : *splat) : 0;
  if (!(factor > 0)) return ColumnScale(real, constant, divides, want);
  auto x =
      Real(real, {want.width, want.unit / factor, want.exact, want.columns,
                  want.offset ? std::optional(*want.offset / factor) : std::nullopt, want.given});
  if (mlir::failed(x)) return mlir::failure();
  return Given{x->demand, x->unit * factor};
}

// P1 shares its zeros and ones in the ring of the value.
mlir::FailureOr<Given> Demands::Masked(nn::BinaryOp op, Value real, Value truth, Want want) {
  if (ExtentsOf(real) != ExtentsOf(op.getResult()))
    return Refuse(op.getLoc(), "a condition of more elements than the secret value it multiplies",
                  "conditions that broadcast to the value", "repeat the value before");
  Want whole = want;
  whole.offset = std::nullopt;
  auto x = Real(real, whole);
  if (mlir::failed(x)) return mlir::failure();
  return Decide({.form = Form::kMasked,
                 .loc = op.getLoc(),
                 .value = truth,
                 .operands = {*x},
                 .ring = want.width,
                 .width = want.width,
                 .unit = x->unit,
                 .offset = want.offset},
                x->unit);
}

// A factor per column (smoothed activations) costs nothing: the producer's constants take it up.
mlir::FailureOr<Given> Demands::ColumnScale(Value real, Value factors, bool divides, Want want) {
  auto constant = ReadConstant(factors);
  if (mlir::failed(constant)) return mlir::failure();
  const size_t count = constant->values.size();
  if (count != 1 && static_cast<int64_t>(count) != ExtentsOf(real).back())
    return Refuse(real.getLoc(),
                  "a secret value scaled by a constant that is no row of its columns",
                  "one factor, or one for each element of the last axis",
                  "scale before the value is reshaped or transposed");
  if (divides)
    for (double& factor : constant->values) factor = 1 / factor;
  if (want.columns && want.columns->size() > count)
    constant->values.resize(want.columns->size(), constant->values[0]);
  if (want.columns) ScaleColumns(constant->values, *want.columns);
  want.columns = &constant->values;
  want.exact = true;  // no unit fits all columns
  return Real(real, want);
}

// What is asked of a term for an offset of the sum: the opposite of one that is taken away.
static std::optional<double> OffsetOfTerm(std::optional<double> offset, bool is_subtrahend) {
  return offset && is_subtrahend ? -*offset : offset;
}

mlir::FailureOr<Given> Demands::PlusConstant(nn::BinaryOp op, Value real, nn::ConstantOp constant,
                                             Want want) {
  const int ring = RingOfTerms(policy_, real, real, want.width);
  const bool is_subtrahend = op.getKind() == nn::BinaryKind::sub && real == op.getRhs();
  auto x = Real(real, {ring, want.UnitIn(ring), want.exact, want.columns,
                       OffsetOfTerm(want.offset, is_subtrahend), want.given});
  auto values = ReadConstant(constant);
  if (mlir::failed(x) || mlir::failed(values)) return mlir::failure();
  const int64_t width = ExtentsOf(op.getResult()).back();
  const bool is_row =
      values->values.size() == 1 ||
      (static_cast<int64_t>(values->values.size()) == width && values->shape.back() == width);
  if (want.columns && (!is_row || ExtentsOf(real).back() != width))
    return Refuse(op.getLoc(), "a constant that is no row of columns, added to a scaled value",
                  "one summand for each element of the last axis", "scale before the addition");
  return Decide({.form = Form::kPlusConstant,
                 .loc = op.getLoc(),
                 .value = op.getResult(),
                 .operands = {*x},
                 .ring = ring,
                 .width = want.width,
                 .unit = x->unit,
                 .columns = want.Columns()},
                std::ldexp(x->unit, ring - want.width));
}

// A residual addition or a difference: the linear layer that adds to the stream chooses the unit,
// so that its multiplier is exact; the other operand follows.
mlir::FailureOr<Given> Demands::Sum(nn::BinaryOp op, Want want) {
  if (auto constant = op.getRhs().getDefiningOp<nn::ConstantOp>())
    return PlusConstant(op, op.getLhs(), constant, want);
  if (auto constant = op.getLhs().getDefiningOp<nn::ConstantOp>())
    return PlusConstant(op, op.getRhs(), constant, want);

  Value first = op.getLhs(), second = op.getRhs();
  if (want.columns && ExtentsOf(first).back() != ExtentsOf(second).back())
    return Refuse(op.getLoc(), "factors by column of a sum that repeats a column",
                  "operands with as many columns as the sum", "scale before the addition");
  if (StructuralChain(second).base.getDefiningOp<nn::LinearOp>()) std::swap(first, second);
  const int ring = RingOfTerms(policy_, first, second, want.width);
  const bool takes_first = op.getKind() == nn::BinaryKind::sub && first != op.getLhs();
  auto a = Real(first, {ring, want.UnitIn(ring), want.exact, want.columns,
                        OffsetOfTerm(want.offset, takes_first), want.given});
  if (mlir::failed(a)) return mlir::failure();
  auto b = Real(second, {.width = ring,
                         .unit = a->unit,
                         .exact = true,
                         .columns = want.columns,
                         .given = want.given});
  if (mlir::failed(b)) return mlir::failure();
  Demand sum{.form = Form::kSum,
             .loc = op.getLoc(),
             .value = op.getResult(),
             .operands = {*a, *b},
             .ring = ring,
             .width = want.width,
             .unit = a->unit};
  if (op.getKind() == nn::BinaryKind::sub) sum.subtrahend = takes_first ? 0 : 1;
  return Decide(sum, std::ldexp(a->unit, ring - want.width));
}

}  // namespace mpcc

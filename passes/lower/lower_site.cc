// SPDX-License-Identifier: Apache-2.0
// Operands of products: how a real value becomes a quantized one on the wire.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"
#include "passes/lower/marks.h"

namespace mpcc {
namespace {

// The operand of a product with one factor per column, whose factors are put into `columns`; the
// value itself if it is not such a product.
mlir::Value SkipColumnScale(mlir::Value value, std::vector<double>& columns) {
  auto op = value.getDefiningOp<nn::BinaryOp>();
  const bool divides = op && op.getKind() == nn::BinaryKind::div;
  if (!op || !(divides || op.getKind() == nn::BinaryKind::mul)) return value;
  const bool left = !divides && op.getLhs().getDefiningOp<nn::ConstantOp>();
  if (!left && !op.getRhs().getDefiningOp<nn::ConstantOp>()) return value;
  auto constant = ReadConstant(left ? op.getLhs() : op.getRhs());
  auto shape = llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
  const auto count = mlir::succeeded(constant) ? static_cast<int64_t>(constant->values.size()) : 0;
  if (shape.empty() || (count != 1 && count != shape.back())) return value;
  if (divides)
    for (double& factor : constant->values) factor = 1 / factor;
  columns = std::move(constant->values);
  return left ? op.getRhs() : op.getLhs();
}

double LargestMagnitude(const std::vector<double>& values) {
  double largest = 1e-30;
  for (double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return largest;
}

// The largest |f(x)|, |x| <= range, as a table of 2^index entries sees it.
double LargestMagnitude(const RealFunction& f, double range, int index) {
  std::vector<double> values;
  const int64_t half = int64_t{1} << (index - 1);
  for (int64_t s = -half; s <= half; ++s)
    values.push_back(f(range * static_cast<double>(s) / static_cast<double>(half)));
  return LargestMagnitude(values);
}

}  // namespace

mlir::FailureOr<Fixed> Lowering::LowerOperand(Value operand, int ring, std::optional<double> unit) {
  const auto key = std::make_tuple(operand.getAsOpaquePointer(), ring, unit.value_or(0));
  if (auto known = operands_.find(key); known != operands_.end()) return known->second;
  Chain chain = StructuralChain(operand);
  Or<Fixed> fixed = mlir::failure();
  if (auto dequantize = chain.base.getDefiningOp<nn::DequantizeOp>()) {
    fixed = LowerOperand(dequantize.getInput(), ring, unit);
  } else {
    auto q = QuantizerOf(chain.base);
    if (mlir::failed(q)) return mlir::failure();
    auto quantize = chain.base.getDefiningOp<nn::QuantizeOp>();
    fixed = LowerSite(quantize ? quantize.getInput() : chain.base, *q, ring, unit);
    if (mlir::succeeded(fixed))
      Mark(chain.base, *fixed, kOperandPlace, std::ldexp(fixed->unit, ring - 1),
           quantize ? q->scale : 0);
  }
  if (mlir::failed(fixed)) return mlir::failure();
  for (mlir::Operation* op : chain.ops) fixed->value = ApplyStructural(emit_, op, fixed->value);
  return operands_[key] = *fixed;
}

mlir::FailureOr<Fixed> Lowering::LowerSite(Value real, const Quantizer& q, int ring,
                                           std::optional<double> unit) {
  Chain chain = StructuralChain(real);
  Or<Fixed> fixed = mlir::failure();
  // A factor per column between a function and its quantizer goes into the function's tables.
  std::vector<double> columns;
  Value function = SkipColumnScale(chain.base, columns);
  if (auto softmax = chain.base.getDefiningOp<nn::SoftmaxOp>()) {
    fixed = policy_.paper() ? LowerProbabilitiesByPaper(softmax, q, ring)
                            : LowerProbabilities(softmax, q, ring);
  } else if (mlir::Operation* op = function.getDefiningOp();
             IsFunction(op) && !visibility_.IsVisible(function)) {
    NoteBeyond(chain.base, std::ldexp(q.Reach(), policy_.headroom_bits));
    fixed = LowerFunction(op, q, ring, unit, columns.empty() ? nullptr : &columns);
  } else if (WidthsForActivation(policy_, q.bits, q.magnitude).table) {
    fixed = LowerByTable(chain.base, q, ring, unit);
  } else {
    fixed = LowerByLift(chain.base, q, ring, unit);
  }
  if (mlir::failed(fixed)) return mlir::failure();
  for (mlir::Operation* op : chain.ops) fixed->value = ApplyStructural(emit_, op, fixed->value);
  return fixed;
}

void Lowering::WarnBeyond(Value real, const Quantizer& q, double reach) {
  NoteBeyond(real, reach);
  mlir::Operation* op = real.getDefiningOp();
  auto range = op ? op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr) : nullptr;
  const bool known = range && !op->hasAttr(nn::kGuessedAttr);
  if (!known || range.getValueAsDouble() <= reach || !warned_.insert(op).second) return;
  mlir::emitWarning(real.getLoc())
      << Refusal(fmt::format("values up to {:.4g} steps before a quantizer of {} bits, which wrap",
                             range.getValueAsDouble() / q.scale, q.bits),
                 fmt::format("{:.0f} steps, as many as the index holds", reach / q.scale),
                 "give this quantizer a coarser scale, or the index more bits");
}

// x in steps of 2^-fraction, rounded half up to whole steps: the low digit is read from a small
// table and taken away, and the rest is a multiple of 2^fraction, which extract divides exactly.
mlir::Value Lowering::RoundAway(Value x, int fraction) {
  const int width = Emitter::TypeOf(x).getWidth();
  x = emit_.AddPublic(x, int64_t{1} << (fraction - 1));
  auto digit = Tabulate(
      fraction, 1, [](double u) { return std::llrint(u); }, /*is_unsigned=*/true);
  return emit_.Extract(emit_.Sub(x, emit_.Lut(x, digit, width)), width - fraction);
}

// No table of the whole index: rounded to the quantizer's steps, unsaturated, with headroom, lifted
// (docs/numerics.md). A unit asked for is a private multiplier away.
mlir::FailureOr<Fixed> Lowering::LowerByLift(Value real, const Quantizer& q, int ring,
                                             std::optional<double> unit) {
  const ActivationWidths widths = WidthsForActivation(policy_, q.bits, q.magnitude);
  const double step = std::ldexp(q.scale, -policy_.fraction_bits);
  WarnBeyond(real, q, std::ldexp(step, widths.index - 2));  // a lift needs a spare bit
  auto x = LowerReal(real, {widths.index, step, true});
  if (mlir::failed(x)) return mlir::failure();
  Mark(real, *x, kQuantizerPlace, std::ldexp(x->unit, widths.index - 2));
  emit_.SetLocation(real.getLoc());
  Value steps = emit_.Lift(RoundAway(x->value, policy_.fraction_bits), ring);
  return ScaleSteps(steps, q.scale, ring, unit, real);
}

mlir::FailureOr<Fixed> Lowering::ScaleSteps(Value steps, double scale, int ring,
                                            std::optional<double> unit, Value real) {
  if (!unit) return Fixed{steps, scale};
  const int64_t factor = std::llrint(scale / *unit);
  if (factor < 64 && std::isfinite(*unit))
    return Refuse(real.getLoc(),
                  fmt::format("an operand whose step is {} units of the product it enters", factor),
                  fmt::format("64 units, for precision, in a ring of {} bits", ring),
                  "quantize this operand to 16 bits or fewer, or the values that read it to a "
                  "coarser scale");
  return Fixed{emit_.Product({steps}, emit_.PrivateRow({factor}, ring)), *unit};
}

mlir::FailureOr<Fixed> Lowering::LowerByTable(Value real, const Quantizer& q, int ring,
                                              std::optional<double> unit) {
  const ActivationWidths widths = WidthsForActivation(policy_, q.bits, q.magnitude);
  const double step =
      std::ldexp(q.scale, q.magnitude + policy_.table_headroom() - (widths.index - 1));
  // The paper's index has no headroom: there a model must stay inside, and says nothing if not.
  if (!policy_.paper()) WarnBeyond(real, q, std::ldexp(step, widths.index - 1));
  auto x = LowerReal(real, {widths.index, step});
  if (mlir::failed(x)) return mlir::failure();
  Mark(real, *x, kQuantizerPlace, std::ldexp(x->unit, widths.index - 1));
  emit_.SetLocation(real.getLoc());
  return EmitRequantization(
      *x, [](double value) { return value; }, q, ring, unit);
}

Fixed Lowering::EmitRequantization(const Fixed& index, const RealFunction& f, const Quantizer& q,
                                   int ring, std::optional<double> unit) {
  const mpc::ShareType type = Emitter::TypeOf(index.value);
  const int k = static_cast<int>(type.getWidth());
  const double out_unit = unit.value_or(q.scale);
  auto table = Tabulate(k, index.unit, [&](double x) {
    return std::llrint(static_cast<double>(q.Apply(f(x))) * q.scale / out_unit);
  });
  // A table of just the quantized integers, lifted, where dealt bits cost more than a round.
  const int narrow = q.magnitude + (q.is_unsigned ? 1 : 2);
  if (!unit && PreferNarrowTable(policy_, type.numElements(), k, narrow, ring)) {
    Value small = emit_.Lut(index.value, table, narrow);
    return {emit_.Lift(small, ring, q.is_unsigned), out_unit};
  }
  return {emit_.Lut(index.value, table, ring), out_unit};
}

// One table applies the function, a second one requantizes; fuse-extract-lut makes them one.
mlir::FailureOr<Fixed> Lowering::LowerFunction(mlir::Operation* op, const Quantizer& q, int ring,
                                               std::optional<double> unit,
                                               const std::vector<double>* columns) {
  auto value = EmitFunction(op, FunctionIndexBits(policy_, q.bits), policy_.function_width,
                            std::nullopt, columns);
  if (mlir::failed(value)) return mlir::failure();
  return EmitRequantization(
      *value, [](double x) { return x; }, q, ring, unit);
}

mlir::FailureOr<Fixed> Lowering::LowerRealFunction(mlir::Operation* op, Want want) {
  return EmitFunction(op, policy_.real_bits - 1, want.width, want.unit, want.columns);
}

mlir::FailureOr<Fixed> Lowering::EmitFunction(mlir::Operation* op, int index, int width,
                                              std::optional<double> unit,
                                              const std::vector<double>* columns) {
  auto f = FunctionOf(op);
  auto reach =
      RangeOf(op->getOperand(0), {.headroom = policy_.paper() ? 1 : policy_.function_headroom});
  if (mlir::failed(f) || mlir::failed(reach)) return mlir::failure();
  auto x = LowerReal(op->getOperand(0), {index, std::ldexp(*reach, 1 - index)});
  if (mlir::failed(x)) return mlir::failure();
  Mark(op->getOperand(0), *x, kFunctionPlace, std::ldexp(x->unit, index - 1));
  // Without a unit asked for, the largest value of the tables fills the width.
  const std::vector<double> factors = columns ? *columns : std::vector<double>{1.0};
  const double top = std::ldexp(1.0, width - 1) - 1;
  const double out_unit =
      unit.value_or(LargestMagnitude(*f, *reach, index) * LargestMagnitude(factors) / top);
  At(op);
  std::vector<int64_t> tables;
  for (double factor : factors) {
    auto table = Tabulate(index, x->unit, [&](double v) {
      const double y = (*f)(v)*factor / out_unit;
      return std::isnan(y) ? 0 : std::llrint(std::clamp(y, -top - 1, top));
    });
    tables.insert(tables.end(), table.begin(), table.end());
  }
  return Fixed{emit_.Lut(x->value, tables, width, 0, static_cast<int64_t>(factors.size())),
               out_unit};
}

}  // namespace mpcc

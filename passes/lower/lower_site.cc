// SPDX-License-Identifier: Apache-2.0
// Operands of products: how a real value becomes a quantized one on the wire.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"
#include "passes/lower/marks.h"
#include "passes/lower/sites.h"

namespace mpcc {
namespace {

// The factors of a column scale; nothing where they cannot be read.
std::vector<double> FactorsOf(const ColumnScale& scale) {
  auto constant = ReadConstant(scale.factors);
  if (mlir::failed(constant)) return {};
  if (scale.divides)
    for (double& factor : constant->values) factor = 1 / factor;
  return constant->values;
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

mlir::FailureOr<Fixed> Lowering::LowerOperand(mlir::Operation* reader, const Reading& reading,
                                              std::optional<double> unit) {
  auto choice = ChoiceOf(reader, reading);
  if (mlir::failed(choice)) return mlir::failure();
  if (!RowOf(*choice))
    return reader->emitOpError() << "has " << choice->construction()
                                 << " in 'mpc.choices' for operand " << reading.operand
                                 << ", which is no construction of it";
  return LowerOperand(reader->getOperand(reading.operand), reading.ring, *choice, unit);
}

mlir::FailureOr<Fixed> Lowering::LowerOperand(Value operand, int ring, Choice choice,
                                              std::optional<double> unit) {
  const auto key = std::make_tuple(operand.getAsOpaquePointer(), ring, unit.value_or(0));
  if (auto known = operands_.find(key); known != operands_.end()) return known->second;
  Chain chain = StructuralChain(operand);
  Or<Fixed> fixed = mlir::failure();
  if (auto dequantize = chain.base.getDefiningOp<nn::DequantizeOp>()) {
    fixed = LowerOperand(dequantize.getInput(), ring, choice, unit);
  } else {
    auto q = QuantizerOf(chain.base);
    if (mlir::failed(q)) return mlir::failure();
    auto quantize = chain.base.getDefiningOp<nn::QuantizeOp>();
    fixed = LowerSite(quantize ? quantize.getInput() : chain.base, {{}, *q, ring, unit, choice});
    if (mlir::succeeded(fixed))
      Mark(chain.base, *fixed, kOperandPlace, std::ldexp(fixed->unit, ring - 1),
           quantize ? q->scale : 0);
  }
  if (mlir::failed(fixed)) return mlir::failure();
  for (mlir::Operation* op : chain.ops) fixed->value = ApplyStructural(emit_, op, fixed->value);
  return operands_[key] = *fixed;
}

// By the name of the construction that is chosen.
const Lowering::SiteRow Lowering::kSites[] = {
    {&kTable, &Lowering::LowerByTable},
    {&kTableAndLift, &Lowering::LowerByTable},
    {&kFunctionTable, &Lowering::LowerFunction},
    {&kFunctionTableAndLift, &Lowering::LowerFunction},
    {&kRoundAndLift, &Lowering::LowerByLift},
    {&kSoftmax, &Lowering::LowerProbabilities},
    {&kSoftmaxByPaper, &Lowering::LowerProbabilitiesByPaper},
};

const Lowering::SiteRow* Lowering::RowOf(Choice choice) {
  for (const SiteRow& row : kSites)
    if (choice.construction() == row.chosen->name) return &row;
  return nullptr;
}

mlir::LogicalResult Lowering::NoFit(const Site& site, llvm::StringRef what) {
  return mlir::emitError(site.real.getLoc())
         << what << ", for which 'mpc.choices' has " << site.choice.construction()
         << "; run choose-lowerings again";
}

mlir::FailureOr<Fixed> Lowering::LowerSite(Value real, Site site) {
  Chain chain = StructuralChain(real);
  site.real = chain.base;
  auto fixed = (this->*RowOf(site.choice)->lower)(site);
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
mlir::FailureOr<Fixed> Lowering::LowerByLift(const Site& site) {
  const int index = site.choice.width("index"), fraction = site.choice.width("fraction");
  const double step = std::ldexp(site.quantizer.scale, -fraction);
  WarnBeyond(site.real, site.quantizer, std::ldexp(step, index - 2));  // a lift needs a spare bit
  auto x = LowerReal(site.real, {index, step, true});
  if (mlir::failed(x)) return mlir::failure();
  Mark(site.real, *x, kQuantizerPlace, std::ldexp(x->unit, index - 2));
  emit_.SetLocation(site.real.getLoc());
  Value steps = emit_.Lift(RoundAway(x->value, fraction), site.ring);
  return ScaleSteps(steps, site);
}

mlir::FailureOr<Fixed> Lowering::ScaleSteps(Value steps, const Site& site) {
  const double scale = site.quantizer.scale;
  if (!site.unit) return Fixed{steps, scale};
  const int64_t factor = std::llrint(scale / *site.unit);
  if (factor < 64 && std::isfinite(*site.unit))
    return Refuse(site.real.getLoc(),
                  fmt::format("an operand whose step is {} units of the product it enters", factor),
                  fmt::format("64 units, for precision, in a ring of {} bits", site.ring),
                  "quantize this operand to 16 bits or fewer, or the values that read it to a "
                  "coarser scale");
  return Fixed{emit_.Product({steps}, emit_.PrivateRow({factor}, site.ring)), *site.unit};
}

mlir::FailureOr<Fixed> Lowering::LowerByTable(const Site& site) {
  const Quantizer& q = site.quantizer;
  const int index = site.choice.width("index");
  const double step = std::ldexp(q.scale, q.magnitude + policy_.table_headroom() - (index - 1));
  // The paper's index has no headroom: there a model must stay inside, and says nothing if not.
  if (!policy_.paper()) WarnBeyond(site.real, q, std::ldexp(step, index - 1));
  auto x = LowerReal(site.real, {index, step});
  if (mlir::failed(x)) return mlir::failure();
  Mark(site.real, *x, kQuantizerPlace, std::ldexp(x->unit, index - 1));
  emit_.SetLocation(site.real.getLoc());
  return EmitRequantization(*x, site);
}

Fixed Lowering::EmitRequantization(const Fixed& index, const Site& site) {
  const Quantizer& q = site.quantizer;
  const double out_unit = site.unit.value_or(q.scale);
  auto table = Tabulate(Emitter::TypeOf(index.value).getWidth(), index.unit, [&](double x) {
    return std::llrint(static_cast<double>(q.Apply(x)) * q.scale / out_unit);
  });
  // A table of just the quantized integers, lifted, where dealt bits cost more than a round.
  const int narrow = site.choice.width("narrow");
  if (narrow == 0) return {emit_.Lut(index.value, table, site.ring), out_unit};
  return {emit_.Lift(emit_.Lut(index.value, table, narrow), site.ring, q.is_unsigned), out_unit};
}

// One table applies the function, a second one requantizes; fuse-extract-lut makes them one. A
// factor per column between a function and its quantizer goes into the function's tables.
mlir::FailureOr<Fixed> Lowering::LowerFunction(const Site& site) {
  NoteBeyond(site.real, std::ldexp(site.quantizer.Reach(), policy_.headroom_bits));
  const auto scale = MatchColumnScale(site.real);
  const std::vector<double> columns = scale ? FactorsOf(*scale) : std::vector<double>();
  mlir::Operation* op = (scale ? scale->real : site.real).getDefiningOp();
  if (!IsFunction(op)) return NoFit(site, "no function");
  auto value = EmitFunction(op, site.choice.width("index"), policy_.function_width, std::nullopt,
                            columns.empty() ? nullptr : &columns);
  if (mlir::failed(value)) return mlir::failure();
  return EmitRequantization(*value, site);
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

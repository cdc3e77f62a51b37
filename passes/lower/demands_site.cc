// SPDX-License-Identifier: Apache-2.0
// Operands of products: how a real value becomes a quantized one on the wire.
#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/demands.h"
#include "passes/lower/marks.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"
#include "passes/policy/widths.h"

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

// What a quantizer stores, of an index of so many bits in its steps.
StepDetails StepsOf(const Quantizer& q, int index) {
  StepDetails steps{index, q.least, q.most, q.PrivateZero()};
  if (q.starts_at_zero) steps.least = 0, steps.most = q.most - q.least;
  return steps;
}

}  // namespace

mlir::FailureOr<Given> Demands::Operand(mlir::Operation* reader, const Reading& reading,
                                        std::optional<double> unit) {
  auto choice = ChoiceOf(reader, reading);
  if (mlir::failed(choice)) return mlir::failure();
  if (!RowOf(*choice))
    return reader->emitOpError() << "has " << choice->construction()
                                 << " in 'mpc.choices' for operand " << reading.operand
                                 << ", which is no construction of it";
  return Operand(reader->getOperand(reading.operand), reading.ring, *choice, unit);
}

mlir::FailureOr<Given> Demands::Operand(Value operand, int ring, Choice choice,
                                        std::optional<double> unit) {
  const auto key = std::make_tuple(operand.getAsOpaquePointer(), ring, unit.value_or(0));
  if (auto known = operands_.find(key); known != operands_.end()) return known->second;
  Chain chain = StructuralChain(operand);
  Or<Given> fixed = mlir::failure();
  if (auto dequantize = chain.base.getDefiningOp<nn::DequantizeOp>()) {
    fixed = Operand(dequantize.getInput(), ring, choice, unit);
  } else {
    auto q = QuantizerOf(chain.base);
    if (mlir::failed(q)) return mlir::failure();
    auto quantize = chain.base.getDefiningOp<nn::QuantizeOp>();
    fixed = AtSite(quantize ? quantize.getInput() : chain.base, {{}, *q, ring, unit, choice});
    if (mlir::succeeded(fixed))
      Note(chain.base,
           {*fixed, kOperandPlace, std::ldexp(fixed->unit, ring - 1), quantize ? q->scale : 0});
  }
  if (mlir::failed(fixed)) return mlir::failure();
  return operands_[key] = Moved(chain.ops, *fixed);
}

// By the name of the construction that is chosen.
const Demands::SiteRow Demands::kSites[] = {
    {&kTable, &Demands::ByTable},
    {&kFunctionTable, &Demands::ByFunctionTable},
    {&kFunctionBits, &Demands::ByFunctionBits},
    {&kFunctionLines, &Demands::ByFunctionLines},
    {&kSaturation, &Demands::BySaturation},
    {&kSoftmax, &Demands::BySoftmax},
    {&kSoftmaxByPaper, &Demands::ByPaperSoftmax},
};

const Demands::SiteRow* Demands::RowOf(Choice choice) {
  for (const SiteRow& row : kSites)
    if (choice.construction() == row.chosen->name) return &row;
  return nullptr;
}

mlir::LogicalResult Demands::NoFit(const Site& site, llvm::StringRef what) {
  return mlir::emitError(site.real.getLoc())
         << what << ", for which 'mpc.choices' has " << site.choice.construction()
         << "; run choose-lowerings again";
}

mlir::FailureOr<Given> Demands::AtSite(Value real, Site site) {
  Chain chain = StructuralChain(real);
  site.real = chain.base;
  auto fixed = (this->*RowOf(site.choice)->decide)(site);
  if (mlir::failed(fixed)) return mlir::failure();
  return Moved(chain.ops, *fixed);
}

// In whole steps of the quantizer, from its zero point on, so that the bounds are the type's: held
// between them (docs/lowering.md).
mlir::FailureOr<Given> Demands::BySaturation(const Site& site) {
  const Quantizer& q = site.quantizer;
  const StepDetails steps = StepsOf(q, site.choice.width("index"));
  std::optional<double> offset;
  if (steps.zero) offset = *steps.zero == 0 ? 0.0 : q.scale * static_cast<double>(*steps.zero);
  const double reach = std::ldexp(q.scale, steps.index - 1);
  const Value real = BelowSaturation(site.real, q.starts_at_zero);
  WarnBeyond(real, q, reach - std::abs(offset.value_or(0)));
  auto x = Real(real, {steps.index, q.scale, true, nullptr, offset});
  if (mlir::failed(x)) return mlir::failure();
  Note(real, {*x, kQuantizerPlace, reach, 0, offset.value_or(0)});
  return Saturated(site, steps, *x);
}

mlir::FailureOr<Given> Demands::Saturated(const Site& site, const StepDetails& steps, Given what) {
  return InSteps({.form = Form::kSaturated,
                  .loc = site.real.getLoc(),
                  .value = site.real,
                  .operands = {what},
                  .quantizer = site.quantizer},
                 site, steps);
}

// The function by lines in the quantizer's steps, which saturates like any other value. A factor
// per column between the two goes into the private factors.
mlir::FailureOr<Given> Demands::ByFunctionLines(const Site& site) {
  const Quantizer& q = site.quantizer;
  const auto scale = MatchColumnScale(site.real);
  mlir::Operation* op = (scale ? scale->real : site.real).getDefiningOp();
  if (!IsFunction(op)) return NoFit(site, "no function");
  const StepDetails steps = StepsOf(q, LinesIndexBits(policy_, q.bits));
  std::optional<double> offset;
  if (steps.zero) offset = *steps.zero == 0 ? 0.0 : q.scale * static_cast<double>(*steps.zero);
  WarnBeyond(site.real, q, std::ldexp(q.scale, steps.index - 1) - std::abs(offset.value_or(0)));
  const std::vector<double> columns = scale ? FactorsOf(*scale) : std::vector<double>();
  auto y = Lines(op, q.bits, {steps.index, q.scale, true, scale ? &columns : nullptr, offset});
  if (mlir::failed(y)) return mlir::failure();
  Note(site.real,
       {*y, kQuantizerPlace, std::ldexp(q.scale, steps.index - 1), 0, offset.value_or(0)});
  return Saturated(site, steps, *y);
}

namespace {

// A step of a quantizer in units of a ring: 0 where it is beyond the ring, in which case nothing
// that the ring holds reaches a step.
int64_t StepIn(double unit, double scale, int ring) {
  const double factor = scale / unit;
  return std::abs(factor) < std::ldexp(1.0, ring - 1) ? std::llrint(factor) : 0;
}

}  // namespace

mlir::FailureOr<Given> Demands::InSteps(Demand demand, const Site& site, StepDetails steps) {
  constexpr int64_t kPrecise = 64;
  const double scale = site.quantizer.scale;
  demand.ring = demand.width = site.ring;
  demand.unit = site.unit.value_or(scale);
  if (site.want) {
    demand.width = site.want->width;
    demand.offset = site.want->offset;
  }
  if (site.unit) {
    const bool scaled = site.want && site.want->columns;
    for (double column : scaled ? *site.want->columns : std::vector<double>{1})
      steps.factors.push_back(StepIn(*site.unit, scale * column, site.ring));
  }
  if (site.unit && !site.want && steps.factors.front() < kPrecise && std::isfinite(*site.unit))
    return Refuse(site.real.getLoc(),
                  fmt::format("an operand whose step is {} units of the product it enters",
                              steps.factors.front()),
                  fmt::format("{} units, for precision, in a ring of {} bits", kPrecise, site.ring),
                  "quantize this operand to 16 bits or fewer, or the values that read it to a "
                  "coarser scale");
  demand.details = steps;
  const double unit = demand.unit;
  return Decide(std::move(demand), unit);
}

// In a ring without bits below what is read, a step must be told apart from its rounded integer.
mlir::LogicalResult Demands::IsPrecise(nn::QuantizeOp op, const Want& want, const Quantizer& q) {
  constexpr double kPrecise = 64;
  for (double column : want.columns ? *want.columns : std::vector<double>{1}) {
    const double units = std::abs(column) * q.scale / want.unit;
    if (column == 0 || !std::isfinite(want.unit) || units >= kPrecise) continue;
    return Refuse(op.getLoc(),
                  fmt::format("a quantizer whose step is {:.3g} units of what reads it", units),
                  fmt::format("{:g} units, for precision", kPrecise),
                  "quantize to larger steps, or scale the values up before the quantizer");
  }
  return mlir::success();
}

// The quantizer's steps, times a private integer each, are the real in the unit that is asked for.
// A reader that can do with any unit gets one that steps are whole multiples of. Where no value
// reaches half a step all is 0: the same operations, whose constants no unit is fine enough for.
mlir::FailureOr<Given> Demands::Rounded(nn::QuantizeOp op, Want want) {
  const int ring = RingOfSteps(policy_, op, want.width, want.exact);
  auto choice = ChoiceOf(op, {0, ring, true});
  auto q = QuantizerOf(op.getResult());
  if (mlir::failed(choice) || mlir::failed(q)) return mlir::failure();
  double unit = want.UnitIn(ring);
  if (KnownRangeOf(op.getInput()).value_or(q->scale) <= q->scale / 2) {
    q->scale = std::numeric_limits<double>::infinity();
    q->zero = 0;
  } else if (!want.exact && !want.columns) {
    unit = q->scale / std::max(1.0, std::floor(q->scale / unit));
  }
  if (ring == want.width && want.exact && mlir::failed(IsPrecise(op, want, *q)))
    return mlir::failure();
  auto steps = AtSite(op.getInput(), {{}, *q, ring, unit, *choice, &want});
  if (mlir::failed(steps)) return mlir::failure();
  const Given given{steps->demand, std::ldexp(unit, ring - want.width)};
  if (!want.columns)
    Note(op.getResult(), {given, kOperandPlace, std::ldexp(given.unit, want.width - 1), q->scale,
                          want.offset.value_or(0)});
  return given;
}

mlir::FailureOr<Given> Demands::ByTable(const Site& site) {
  const Quantizer& q = site.quantizer;
  const int index = site.choice.width("index");
  const double step = std::ldexp(q.scale, q.magnitude - (index - 1));
  // The paper's index has no headroom: a model must stay inside, and says nothing if not.
  auto x = Real(site.real, {index, step});
  if (mlir::failed(x)) return mlir::failure();
  Note(site.real, {*x, kQuantizerPlace, std::ldexp(x->unit, index - 1)});
  return IndexTo(*x, site.real.getLoc(), site);
}

// A table from an index to the integers of the site's quantizer.
Given Demands::IndexTo(const Given& index, mlir::Location loc, const Site& site) {
  const double unit = site.unit.value_or(site.quantizer.scale);
  return Decide({.form = Form::kRequantized,
                 .loc = loc,
                 .value = site.real,
                 .operands = {index},
                 .ring = site.ring,
                 .width = site.ring,
                 .unit = unit,
                 .quantizer = site.quantizer},
                unit);
}

// Tables of the bits of what the function's quantizer stores, of its index: a factor per column
// between the two goes into them.
mlir::FailureOr<Given> Demands::ByFunctionBits(const Site& site) {
  const Quantizer& q = site.quantizer;
  const auto scale = MatchColumnScale(site.real);
  mlir::Operation* op = (scale ? scale->real : site.real).getDefiningOp();
  if (!IsFunction(op)) return NoFit(site, "no function");
  auto f = FunctionOf(op);
  auto x = FunctionIndex(op, site.choice.width("index"));
  if (mlir::failed(f) || mlir::failed(x)) return mlir::failure();
  const std::vector<double> columns = scale ? FactorsOf(*scale) : std::vector<double>{1.0};
  WarnCoarse(op, *f, *x, site.choice.width("index"), q, columns);
  return InSteps({.form = Form::kTabulated,
                  .loc = op->getLoc(),
                  .value = site.real,
                  .operands = {*x},
                  .columns = columns,
                  .quantizer = q,
                  .function = *f},
                 site, {site.choice.width("index"), q.least, q.most, q.zero});
}

// One table applies the function, a second one requantizes; fuse-extract-lut makes them one. A
// factor per column between a function and its quantizer goes into the function's tables.
mlir::FailureOr<Given> Demands::ByFunctionTable(const Site& site) {
  NoteBeyond(site.real, std::ldexp(site.quantizer.Reach(), policy_.headroom_bits));
  const auto scale = MatchColumnScale(site.real);
  const std::vector<double> columns = scale ? FactorsOf(*scale) : std::vector<double>();
  mlir::Operation* op = (scale ? scale->real : site.real).getDefiningOp();
  if (!IsFunction(op)) return NoFit(site, "no function");
  const int index = site.choice.width("index"), width = policy_.function_width;
  auto f = FunctionOf(op);
  auto x = FunctionIndex(op, index);
  if (mlir::failed(f) || mlir::failed(x)) return mlir::failure();
  WarnCoarse(op, *f, *x, index, site.quantizer, columns);
  // The largest value of the tables fills the width.
  const double largest = LargestMagnitude(*f, std::ldexp(x->unit, index - 1), index) *
                         (columns.empty() ? 1.0 : LargestMagnitude(columns));
  const double unit = largest / (std::ldexp(1.0, width - 1) - 1);
  auto value = Function(
      op, *x, {.width = width, .unit = unit, .columns = columns.empty() ? nullptr : &columns});
  if (mlir::failed(value)) return mlir::failure();
  return IndexTo(*value, op->getLoc(), site);
}

void Demands::WarnNotANumber(mlir::Operation* op, const RealFunction& f) {
  constexpr int kPoints = 256;
  Value operand = op->getOperand(0);
  const double range = KnownRangeOf(operand).value_or(0);
  std::optional<double> least, most;
  for (int i = -kPoints; i <= kPoints; ++i) {
    if ((i < 0 && signs_.Has(operand, Sign::kNonNegative)) ||
        (i > 0 && signs_.Has(operand, Sign::kNonPositive)))
      continue;
    const double x = range * i / kPoints;
    if (!std::isnan(f(x))) continue;
    if (!least) least = x;
    most = x;
  }
  if (!least || !IsNews(op, Warning::kNoNumber)) return;
  mlir::emitWarning(op->getLoc()) << Refusal(
      fmt::format("a function that is no number for values from {:.4g} to {:.4g}, which its "
                  "operand may have: a private run gives 0 there",
                  *least, *most),
      "functions of every value that their operand takes",
      "clip its operand in the model, or see with 'mpcc verify' that it takes no such value");
}

void Demands::WarnCoarse(mlir::Operation* op, const RealFunction& f, const Given& index, int bits,
                         const Quantizer& q, llvm::ArrayRef<double> columns) {
  constexpr double kMostSteps = 8, kStepsOfReals = 128;  // of a half of the range
  if (StepsBehind(policy_, op->getOperand(0))) return;   // the file has no finer ones
  const double factor = columns.empty() ? 1 : LargestMagnitude(columns);
  const auto value = [&](int64_t i) {
    return std::clamp(factor * f(index.unit * static_cast<double>(i)), -q.Reach(), q.Reach());
  };
  const auto half =
      static_cast<int64_t>(std::ldexp(1.0, bits - 1) / std::max(1.0, policy_.function_headroom));
  double most = 0;
  for (int64_t i = -half; i < half; ++i) {
    const double change = std::abs(value(i + 1) - value(i));
    if (std::isfinite(change)) most = std::max(most, change);
  }
  const double steps = most / std::max(q.scale, q.Reach() / kStepsOfReals);
  if (steps <= kMostSteps || !IsNews(op, Warning::kCoarse)) return;
  mlir::emitWarning(op->getLoc()) << Refusal(
      fmt::format("a function that is read every {:.4g}, as its operand reaches {:.4g}, where it "
                  "changes by up to {:.3g} steps of the quantizer behind it",
                  index.unit, index.unit * static_cast<double>(half), steps),
      fmt::format("at most {} steps", kMostSteps),
      "give its operand a smaller range: leave out what a mask adds, and clip or rescale columns "
      "far larger than the others");
}

// A step of the quantizer whose result a function is read of, or what its range takes.
mlir::FailureOr<double> Demands::FunctionUnit(mlir::Operation* op, int index) {
  if (auto quantize = StepsBehind(policy_, op->getOperand(0)))
    return nn::ScaleOf(nn::QuantizedElement(quantize.getType()));
  auto reach =
      RangeOf(op->getOperand(0), {.headroom = policy_.paper() ? 1 : policy_.function_headroom});
  return mlir::failed(reach) ? reach : std::ldexp(*reach, 1 - index);
}

mlir::FailureOr<Given> Demands::FunctionIndex(mlir::Operation* op, int index) {
  auto f = FunctionOf(op);
  auto unit = FunctionUnit(op, index);
  if (mlir::failed(f) || mlir::failed(unit)) return mlir::failure();
  WarnNotANumber(op, *f);
  auto x = Real(op->getOperand(0), {index, *unit});
  if (mlir::failed(x)) return mlir::failure();
  Note(op->getOperand(0), {*x, kFunctionPlace, std::ldexp(x->unit, index - 1)});
  return x;
}

mlir::FailureOr<Given> Demands::Function(mlir::Operation* op, const Given& index,
                                         const Want& want) {
  auto f = FunctionOf(op);
  if (mlir::failed(f)) return mlir::failure();
  return DecideFor(want, {.form = Form::kFunction,
                          .loc = op->getLoc(),
                          .value = op->getResult(0),
                          .operands = {index},
                          .ring = want.width,
                          .columns = want.columns ? *want.columns : std::vector<double>{1.0},
                          .function = *f});
}

}  // namespace mpcc

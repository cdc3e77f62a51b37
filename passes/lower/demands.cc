// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/demands.h"

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/nn/types.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/marks.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"

namespace mpcc {

Demands::Demands(mlir::func::FuncOp function, const LoweringPolicy& policy, bool strict_ranges)
    : function_(function),
      policy_(policy),
      strict_ranges_(strict_ranges),
      visibility_(function),
      truths_(function),
      signs_(function) {}

mlir::LogicalResult Demands::Run() {
  for (mlir::BlockArgument argument : function_.getArguments())
    if (!visibility_.IsVisible(argument))
      return function_.emitOpError()
             << "has argument " << argument.getArgNumber() << " without '" << nn::kOwnerAttr
             << "', expected \"" << nn::kDataOwner << "\"";
  if (mlir::failed(CheckDigits(policy_, function_))) return mlir::failure();
  for (Value result : function_.getBody().front().getTerminator()->getOperands()) {
    const auto index = static_cast<unsigned>(results_.size());
    results_.push_back(nullptr);
    if (visibility_.IsVisible(result)) continue;
    auto revealed = Output(result, ReadingOf(policy_, function_, index));
    if (mlir::failed(revealed)) return mlir::failure();
    results_.back() = revealed->demand;
  }
  return ReportGuesses();
}

Given Demands::Decide(Demand demand, double unit) {
  return {&demands_.emplace_back(std::move(demand)), unit};
}

Given Demands::DecideFor(const Want& want, Demand demand) {
  demand.width = want.width;
  demand.unit = want.UnitIn(demand.ring);
  demand.offset = want.offset;
  return Decide(std::move(demand), want.unit);
}

void Demands::Note(Value real, Mark mark) {
  mlir::Operation* source = real.getDefiningOp();
  mark.value = source ? source->getAttrOfType<mlir::IntegerAttr>(nn::kValueAttr) : nullptr;
  if (mark.value && std::isfinite(mark.holds)) marks_.push_back(mark);
}

namespace {

std::string NoteOf(mlir::Operation* guess) {
  auto bound = guess->getAttrOfType<mlir::FloatAttr>(nn::kBoundAttr);
  const double range = guess->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr).getValueAsDouble();
  return fmt::format("it reaches {:.4g} on random inputs, and may reach {}", range,
                     bound ? fmt::format("{:.4g}", bound.getValueAsDouble()) : "more");
}

}  // namespace

mlir::LogicalResult Demands::ReportGuesses() {
  if (guesses_.empty()) return mlir::success();
  constexpr size_t kNamed = 3;
  auto guesses = guesses_.takeVector();
  llvm::sort(guesses, [](mlir::Operation* a, mlir::Operation* b) { return a->isBeforeInBlock(b); });
  std::vector<std::string> names;
  for (mlir::Operation* op : llvm::ArrayRef(guesses).take_front(kNamed))
    names.push_back(nn::NodeName(op->getLoc()));
  const std::string text =
      Refusal(fmt::format("{} value{} whose range is known from random inputs only ({}{})",
                          guesses.size(), guesses.size() == 1 ? "" : "s", fmt::join(names, ", "),
                          guesses.size() > kNamed ? ", ..." : ""),
              "ranges of the file, or measured on inputs like those that will be asked",
              "compile with --calibrate, or write ranges into the file with 'mpcc calibrate'");
  mlir::Location loc = function_.getLoc();
  mlir::InFlightDiagnostic diagnostic =
      strict_ranges_ ? mlir::emitError(loc) : mlir::emitWarning(loc);
  diagnostic << text;
  for (mlir::Operation* op : guesses) diagnostic.attachNote(op->getLoc()) << NoteOf(op);
  return mlir::success(!strict_ranges_);
}

mlir::FailureOr<Given> Demands::Output(Value real, const ResultReading& reading) {
  if (auto normalize = real.getDefiningOp<nn::L2NormalizeOp>())
    return UnitVector(normalize, reading);
  mlir::Operation* op = real.getDefiningOp();
  const double limit = std::ldexp(1.0, policy_.real_ring - 1 - reading.fraction);
  auto range = RangeOf(real, {.most = std::nextafter(limit, 0),
                              .spread = Room::kUnlimited,
                              .provable = std::nextafter(limit, 0)});
  if (mlir::failed(range)) return mlir::failure();
  if (*range >= limit)
    return Refuse(op->getLoc(), fmt::format("a result that reaches {:g} with its margin", *range),
                  fmt::format("results below {:g}", limit), "scale the result down by a constant");
  WarnOfFewDigits(real, reading);
  const double step = std::ldexp(1.0, reading.width - reading.read_width - reading.shown);
  auto fixed =
      Real(real, {.width = reading.read_width, .unit = step, .exact = true, .given = true});
  if (mlir::failed(fixed)) return mlir::failure();
  Note(real, {*fixed, kResultPlace, limit});
  return Decide({.form = Form::kResult,
                 .loc = real.getLoc(),
                 .value = real,
                 .operands = {*fixed},
                 .ring = reading.width,
                 .width = reading.shown},
                1);
}

void Demands::WarnOfFewDigits(Value real, const ResultReading& reading) {
  constexpr double kFew = 32;
  constexpr int kChosen = 2;  // so few digits are somebody's wish
  const std::optional<double> range = KnownRangeOf(real);
  const double step = std::ldexp(1.0, -reading.shown);
  if (reading.digits.value_or(0) <= kChosen || !range || *range == 0 || *range >= kFew * step)
    return;
  if (!IsNews(real.getDefiningOp(), Warning::kFewDigits)) return;
  mlir::emitWarning(real.getLoc()) << Refusal(
      fmt::format(
          "a result that reaches {:.4g}, revealed to {} decimal digits: no more than {:.0f} "
          "steps of the last one",
          *range, *reading.digits, std::ceil(*range / step)),
      fmt::format("results of {:.2g} or more", kFew * step),
      "reveal more digits (--digits), or scale the result up");
}

mlir::FailureOr<Given> Demands::Real(Value real, Want want) {
  if (want.columns) return RealUncached(real, want);
  const auto key =
      std::make_tuple(real.getAsOpaquePointer(), want.width, want.unit, want.offset, want.given);
  // A consumer that needs one unit cannot do with another one that suited somebody else.
  if (auto known = reals_.find(key);
      known != reals_.end() && (!want.exact || known->second.unit == want.unit))
    return known->second;
  auto fixed = RealUncached(real, want);
  if (mlir::failed(fixed)) return mlir::failure();
  return reals_[key] = *fixed;
}

mlir::FailureOr<Given> Demands::RealUncached(Value real, Want want) {
  if (visibility_.IsVisible(real)) return Input(real, want);
  mlir::Operation* op = real.getDefiningOp();
  if (IsStructural(op)) return Structural(op, want);
  return llvm::TypeSwitch<mlir::Operation*, Or<Given>>(op)
      .Case([&](nn::LinearOp o) { return Linear(o, want); })
      .Case([&](nn::MatMulOp o) { return MatMul(o, want); })
      .Case([&](nn::BinaryOp o) { return Binary(o, want); })
      .Case([&](nn::LayerNormOp o) { return LayerNorm(o, want); })
      .Case([&](nn::VarianceOp o) { return Variance(o, want); })
      .Case([&](nn::StandardizeOp o) { return Standardize(o, want); })
      .Case([&](nn::MeanPoolOp o) { return MeanPool(*nn::PoolOf(o), want); })
      .Case<nn::UnaryOp, nn::MapOp>([&](auto o) {
        auto x = FunctionIndex(o, IndexBitsOf(policy_, o, policy_.real_bits - 1));
        return mlir::failed(x) ? x : Function(o, *x, want);
      })
      .Case([&](nn::ConcatOp o) { return Concat(o, want); })
      .Case([&](nn::DequantizeOp o) { return Real(o.getInput(), want); })
      .Case([&](nn::QuantizeOp o) { return Requantized(o, want); })
      .Default([&](mlir::Operation* other) -> Or<Given> {
        return Refuse(other->getLoc(),
                      fmt::format("'{}' in a place where no operation reads it as it is computed",
                                  other->getName().stripDialect().str()),
                      "softmax before a quantizer, L2 normalization as a result",
                      "end the model before this operation, or quantize its result");
      });
}

namespace {

// The factors by column of a structural operation's operand that give its result `columns`; nothing
// where a factor would depend on more than the operand's column.
std::optional<std::vector<double>> ColumnsBefore(mlir::Operation* op,
                                                 const std::vector<double>& columns) {
  auto source = llvm::cast<mlir::RankedTensorType>(op->getOperand(0).getType()).getShape();
  const size_t width = source.empty() ? 1 : source.back(), count = columns.size();
  if (count == 1) return columns;
  std::vector<double> before(width, 1.0);
  if (auto slice = llvm::dyn_cast<nn::SliceOp>(op)) {
    std::copy(columns.begin(), columns.end(), before.begin() + slice.getOffsets().back());
    return before;
  }
  auto transpose = llvm::dyn_cast<nn::TransposeOp>(op);
  if (transpose && transpose.getPerm().back() + 1 != static_cast<int64_t>(source.size()))
    return std::nullopt;
  if (width % count != 0) return std::nullopt;
  for (size_t j = 0; j < width; ++j) before[j] = columns[j % count];  // rows cut into rows
  return before;
}

}  // namespace

mlir::FailureOr<Given> Demands::Structural(mlir::Operation* op, Want want) {
  std::optional<std::vector<double>> columns;
  if (want.columns) {
    columns = ColumnsBefore(op, *want.columns);
    if (!columns)
      return Refuse(op->getLoc(), "factors by column of a value that is transposed or reshaped",
                    "factors that stay in their columns",
                    "scale before the value is reshaped or transposed");
    want.columns = &*columns;
  }
  auto source = Real(op->getOperand(0), want);
  if (mlir::failed(source)) return mlir::failure();
  return Moved({op}, *source);
}

Given Demands::Moved(llvm::ArrayRef<mlir::Operation*> ops, Given given) {
  for (mlir::Operation* op : ops)
    given = Decide({.form = Form::kMoved,
                    .loc = op->getLoc(),
                    .value = op->getResult(0),
                    .operands = {given},
                    .width = given.demand->width},
                   given.unit);
  return given;
}

// P1 shares its plaintext in fixed point once; private scales are applied to the shares.
mlir::FailureOr<Given> Demands::Input(Value real, Want want) {
  if (mlir::failed(FitsRing(real.getLoc(), want, policy_.input_ring))) return mlir::failure();
  const int ring = policy_.input_ring;
  if (!inputs_.contains(real))
    inputs_[real] = Decide({.form = Form::kShared,
                            .loc = real.getLoc(),
                            .value = real,
                            .ring = ring,
                            .width = policy_.input_fraction},
                           std::ldexp(1.0, -policy_.input_fraction));
  const double unit = want.UnitIn(ring);
  std::vector<double> factors(1, std::ldexp(1.0, -policy_.input_fraction));
  if (want.columns) {
    factors = *want.columns;
    for (double& factor : factors) factor = std::ldexp(factor, -policy_.input_fraction);
  }
  constexpr double kLargest = 1 << 30;  // in the ring of inputs, beside the fraction and a sign
  if (KnownRangeOf(real).value_or(0) > kLargest)
    return Refuse(real.getLoc(),
                  fmt::format("a public value that reaches {:g} in a place where no softmax takes "
                              "it as its mask",
                              *KnownRangeOf(real)),
                  fmt::format("values up to {:g}", kLargest),
                  "add masks to scores just before Softmax");
  if (std::isfinite(unit) &&
      want.LargestColumn() * std::ldexp(1.0, -policy_.input_fraction) / unit < 256)
    return Refuse(real.getLoc(), "an input so small that its fixed point does not resolve it",
                  fmt::format("inputs in multiples of 2^-{}", policy_.input_fraction),
                  "scale the embedding up, and the layers that read it down");
  return DecideFor(want, {.form = Form::kScaled,
                          .loc = real.getLoc(),
                          .value = real,
                          .operands = {inputs_[real]},
                          .ring = ring,
                          .columns = factors});
}

mlir::FailureOr<Given> Demands::Requantized(nn::QuantizeOp op, Want want) {
  auto type = nn::QuantizedElement(op.getType());
  const auto range = KnownRangeOf(op.getInput());
  const double step = nn::QuantizedAxis(type) ? 0 : nn::ScaleOf(type);
  if (range && *range < step && IsNews(op, Warning::kSmall))
    mlir::emitWarning(op.getLoc())
        << Refusal(fmt::format("a quantizer with a step of {:.4g}, which reads values up to {:.4g}",
                               step, *range),
                   "steps below the values", "calibrate the quantizer without what a mask adds");
  if (RoundsReals(policy_, op)) return Rounded(op, want);
  if (!range || *range > step / 2) return Real(op.getInput(), want);
  // All rounds to zero: the same operations, whose constants no unit is fine enough for.
  Want zero = want;
  zero.unit = std::numeric_limits<double>::infinity();
  auto x = Real(op.getInput(), zero);
  if (mlir::failed(x)) return mlir::failure();
  return Given{x->demand, want.unit};
}

mlir::LogicalResult Demands::FitsRing(mlir::Location loc, Want want, int ring) {
  if (want.width <= ring) return mlir::success();
  return Refuse(loc, fmt::format("a value computed in {} bits and read in {}", ring, want.width),
                "sums with products whose accumulators have at most 32 bits",
                "quantize the operands of the product to fewer bits");
}

mlir::FailureOr<Given> Demands::Concat(nn::ConcatOp op, Want want) {
  auto shape = llvm::cast<mlir::RankedTensorType>(op.getResult().getType()).getShape();
  const bool by_column =
      want.columns && want.columns->size() > 1 && op.getAxis() + 1 == shape.size();
  std::vector<Given> parts;
  size_t offset = 0;
  for (Value input : op.getInputs()) {
    std::vector<double> own;
    const size_t width = llvm::cast<mlir::RankedTensorType>(input.getType()).getShape().back();
    if (by_column)
      own.assign(want.columns->begin() + offset, want.columns->begin() + offset + width);
    offset += width;
    auto part = Real(input, {want.width, want.unit, true, by_column ? &own : want.columns,
                             want.offset, want.given});
    if (mlir::failed(part)) return mlir::failure();
    parts.push_back(*part);
  }
  return Decide({.form = Form::kConcatenated,
                 .loc = op.getLoc(),
                 .value = op.getResult(),
                 .operands = parts,
                 .width = want.width},
                want.unit);
}

}  // namespace mpcc

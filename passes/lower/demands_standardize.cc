// SPDX-License-Identifier: Apache-2.0
// Rows of whole steps of a quantizer: what stands for a layer normalization with quantizers inside.
// What a variance, and a row over its root, may reach follows from the row's length and steps: here
// it is held against what is read, so that no row wraps, whatever calibration has seen.
#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/demands.h"
#include "passes/lower/marks.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"

namespace mpcc {
namespace {

// The largest magnitude that a reader holds.
double ReachOf(const Want& want) {
  return std::ldexp(want.unit, want.width - 1) - std::abs(want.offset.value_or(0)) - want.unit;
}

// A row of n elements between the ends of its quantizer, and the quantizer of its variance.
class RoundedRow {
 public:
  RoundedRow(double n, mlir::quant::QuantizedType row, mlir::quant::QuantizedType variance)
      : n_(n),
        span_(SpanOf(row)),
        step_(nn::ScaleOf(variance)),
        least_(variance.getStorageTypeMin() - nn::ZeroPointOf(variance)),
        most_(variance.getStorageTypeMax() - nn::ZeroPointOf(variance)) {}

  static double SpanOf(mlir::quant::QuantizedType row) {
    return nn::ScaleOf(row) *
           static_cast<double>(row.getStorageTypeMax() - row.getStorageTypeMin());
  }

  // The largest |x - mean| of the rows whose variance is rounded to `variance`.
  double Deviation(double variance) const {
    const double any = span_ * (n_ - 1) / n_, steps = std::nearbyint(variance / step_);
    if (steps >= static_cast<double>(most_)) return any;
    return std::min(any, std::sqrt((n_ - 1) * std::max(0.0, (steps + 0.5) * step_)));
  }

  // The least step whose rows `f` brings beyond `reach`, though not to infinity.
  std::optional<int64_t> FirstBeyond(const RealFunction& f, double reach) const {
    for (int64_t step = least_; step <= most_; ++step) {
      const double variance = static_cast<double>(step) * step_, factor = f(variance);
      if (std::isfinite(factor) && std::abs(factor) * Deviation(variance) > reach) return step;
    }
    return std::nullopt;
  }

 private:
  double n_, span_, step_;
  int64_t least_, most_;
};

}  // namespace

mlir::FailureOr<Given> Demands::StepsOfRow(Value row) {
  if (auto known = step_rows_.find(row); known != step_rows_.end()) return known->second;
  StepRow steps = StepRowOf(policy_, row);
  if (!steps.quantizer)
    return Refuse(row.getLoc(), "the variance of a row that no quantizer rounds",
                  fmt::format("rows behind a quantizer of at most {} bits", policy_.rounded_bits),
                  "run raise-composites, which leaves others in one piece");
  const double scale = nn::ScaleOf(nn::QuantizedElement(steps.quantizer.getType()));
  auto h = Row(row, steps.width, scale);
  if (mlir::failed(h)) return mlir::failure();
  return step_rows_[row] = Decide({.form = Form::kStepRow,
                                   .loc = row.getLoc(),
                                   .value = row,
                                   .operands = {*h},
                                   .ring = steps.ring},
                                  h->unit);
}

// n^2 times the variance is an integer, and times a private one in the unit wanted.
mlir::FailureOr<Given> Demands::Variance(nn::VarianceOp op, Want want) {
  auto row = StepsOfRow(op.getInput());
  if (mlir::failed(row)) return mlir::failure();
  auto type = nn::QuantizedElement(StepsBehind(policy_, op.getInput()).getType());
  const double largest = std::pow(RoundedRow::SpanOf(type) / 2, 2) * want.LargestColumn();
  if (largest > ReachOf(want))
    return Refuse(op.getLoc(),
                  fmt::format("a variance of rows that may reach {:.4g}, read in {} bits of {:.4g}",
                              largest, want.width, want.unit),
                  fmt::format("variances up to {:.4g}", ReachOf(want)),
                  "calibrate the row's quantizer and the variance's on the same inputs");
  return OfRow(Form::kVariance, op, *row, want);
}

// n (x - mean) is an integer of the row, so that the factor takes up n, the row's unit and the one
// wanted. Where it is infinite the row is far off, to the side that its elements are on.
mlir::FailureOr<Given> Demands::Standardize(nn::StandardizeOp op, Want want) {
  mlir::Operation* source = op.getFactor().getDefiningOp();
  auto rounded = IsFunction(source) ? StepsBehind(policy_, source->getOperand(0)) : nullptr;
  if (!rounded || RowOfVariance(rounded.getInput()) != op.getInput() || want.columns)
    return Refuse(op.getLoc(), "a standardized row that is no operation between quantizers",
                  "a function of the row's rounded variance as its factor, and a quantizer that "
                  "reads it",
                  "run raise-composites and raise-functions, which leave others in one piece");
  auto row = StepsOfRow(op.getInput());
  auto f = FunctionOf(source);
  auto index = FunctionIndex(source, IndexBitsOf(policy_, source, 0));
  if (mlir::failed(row) || mlir::failed(f) || mlir::failed(index)) return mlir::failure();
  StepRow steps = StepRowOf(policy_, op.getInput());
  const double n = static_cast<double>(ExtentsOf(op.getInput()).back()), reach = ReachOf(want);
  const RoundedRow rows(n, nn::QuantizedElement(steps.quantizer.getType()),
                        nn::QuantizedElement(rounded.getType()));
  WarnBeyondRow(op, rows.FirstBeyond(*f, reach));
  const int ring = std::min(want.width + steps.fold, steps.ring);
  if (mlir::failed(FitsRing(op.getLoc(), want, ring))) return mlir::failure();
  const auto table = [&](double unit, RealFunction function) {
    return Decide({.form = Form::kFunction,
                   .loc = op.getLoc(),
                   .value = op.getFactor(),
                   .operands = {*index},
                   .ring = ring,
                   .width = ring,
                   .unit = unit,
                   .columns = {1.0},
                   .function = std::move(function)},
                  unit);
  };
  const Given factor = table(want.UnitIn(ring) * n / row->unit, [=, f = *f](double variance) {
    const double y = f(variance), most = reach / rows.Deviation(variance);
    return std::isfinite(y) ? std::clamp(y, -most, most) : 0;
  });
  const Given jump = table(1, [=, f = *f](double variance) {
    return std::isinf(f(variance)) ? std::copysign(std::ldexp(1, ring - 2), f(variance)) : 0;
  });
  return DecideFor(want, {.form = Form::kStandardize,
                          .loc = op.getLoc(),
                          .value = op.getInput(),
                          .operands = {*row, factor, jump},
                          .ring = ring});
}

void Demands::WarnBeyondRow(nn::StandardizeOp op, std::optional<int64_t> step) {
  if (!step || !IsNews(op, Warning::kBeyondRow)) return;
  mlir::emitWarning(op.getLoc()) << Refusal(
      fmt::format("a normalization whose rows, where their variance is rounded to {} steps, reach "
                  "further than they are read: a private run has them smaller",
                  *step),
      "rows that their quantizer and that of their variance both hold",
      "calibrate both on the same inputs, or leave the normalization in one operator");
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// Rows: layer norm, the L2 norm of a result, masked mean pooling, softmax.
#include "fmt/format.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/demands.h"
#include "passes/lower/marks.h"
#include "passes/lower/nn_values.h"
#include "passes/policy/widths.h"
#include "runtime/base/ring.h"

namespace mpcc {
namespace {

// A row reaches at most 2^(width - 2): half of what its bits hold is for its mean, which is taken
// away, and for rounding.
int MagnitudeOf(int width) { return width - 2; }

// Bits of the square of a sum, or sum of squares, of n numbers of at most 2^magnitude.
int BitsOfSquares(int magnitude, double n) {
  return 2 * magnitude + static_cast<int>(std::floor(std::log2(n))) + 1;
}

}  // namespace

mlir::FailureOr<Given> Demands::Row(Value row, int width, double unit) {
  auto h = Real(row, {width, unit});
  if (mlir::failed(h)) return mlir::failure();
  Note(row, {*h, kRowPlace, std::ldexp(h->unit, MagnitudeOf(width))});
  return h;
}

mlir::FailureOr<Given> Demands::RowOfRange(mlir::Operation* op, int width, const Squares& squares) {
  const Value row = op->getOperand(0);
  auto range = RangeOf(row, RoomOfRow(width));
  if (mlir::failed(range)) return mlir::failure();
  const double most = std::ldexp(1 - 1.0 / 256, squares.bits);  // the rest is for rounding
  const double unit = std::max(std::ldexp(*range, -MagnitudeOf(width)),
                               std::sqrt(squares.count * (*range * *range + squares.added) / most));
  WarnOfFewSteps(op, *range / unit);
  auto h = Real(row, {width, unit});
  if (mlir::failed(h)) return mlir::failure();
  const double squared = most * h->unit * h->unit / squares.count - squares.added;
  Note(row, {*h, kRowPlace, std::min(std::ldexp(h->unit, MagnitudeOf(width)), std::sqrt(squared))});
  return h;
}

// Where epsilon is far above all squares the row's unit follows it. A row of zeros needs none.
void Demands::WarnOfFewSteps(mlir::Operation* op, double steps) {
  constexpr double kFew = 256;
  if (!(steps > 0) || steps >= kFew || !IsNews(op, Warning::kFewSteps)) return;
  mlir::emitWarning(op->getLoc()) << Refusal(
      fmt::format("values that are normalized with an epsilon so far above their squares that they "
                  "reach {:.3g} steps of a private run",
                  steps),
      fmt::format("{:g} steps or more", kFew),
      "normalize values that are larger, or with the epsilon that the model was trained with");
}

mlir::FailureOr<Given> Demands::OfRow(Form form, mlir::Operation* op, Given row, const Want& want) {
  const int ring = row.demand->ring;
  if (mlir::failed(FitsRing(op->getLoc(), want, ring))) return mlir::failure();
  return DecideFor(want, {.form = form,
                          .loc = op->getLoc(),
                          .value = op->getResult(0),
                          .operands = {row},
                          .ring = ring,
                          .columns = want.Columns()});
}

// h in the bits of its row, lifted; then everything up to the variance is local on replicated
// shares. A result has more bits than rows, in a unit that is given: as many are below it as below
// a row, so that gamma is no coarser. It is the same to any number of digits.
mlir::FailureOr<Given> Demands::Normalized(nn::LayerNormOp op, const Want& want) {
  auto windows = WindowsOf(op);
  auto choice = ChoiceOf(op, {});
  if (mlir::failed(windows) || mlir::failed(choice)) return mlir::failure();
  const int width = choice->width(kIndexWidth), magnitude = MagnitudeOf(width);
  int ring = choice->width("ring");
  if (want.given) ring = std::min(policy_.real_ring + ring - width, kMaxRingBits);
  auto known = normalized_.find({op, ring});
  if (known != normalized_.end()) return known->second;
  const double n = static_cast<double>(ExtentsOf(op.getInput()).back());
  const Squares squares{n * n, op.getEpsilon().convertToDouble(), BitsOfSquares(magnitude, n * n)};
  auto h = RowOfRange(op, width, squares);
  if (mlir::failed(h)) return mlir::failure();
  const int precision = magnitude + choice->width("floor");
  const double epsilon = squares.added * squares.count / (h->unit * h->unit);
  const Given given = Decide({.form = Form::kNormalized,
                              .loc = op.getLoc(),
                              .value = op.getInput(),
                              .operands = {*h},
                              .ring = ring,
                              .details = NormDetails{*windows, squares.bits, precision,
                                                     std::ldexp(n, precision), epsilon}},
                             1);
  normalized_.emplace(std::pair(op.getOperation(), ring), given);
  return given;
}

mlir::FailureOr<Given> Demands::LayerNorm(nn::LayerNormOp op, Want want) {
  auto row = Normalized(op, want);
  if (mlir::failed(row) || mlir::failed(ReadConstant(op.getGamma())) ||
      mlir::failed(ReadConstant(op.getBeta())))
    return mlir::failure();
  auto given = OfRow(Form::kLayerNorm, op, *row, want);
  if (want.given && mlir::succeeded(given)) WarnOfFewUnits(op, *given, *row);
  return given;
}

void Demands::WarnOfFewUnits(nn::LayerNormOp op, const Given& given, const Given& row) {
  constexpr double kFew = 32;
  RealConstant gamma = *ReadConstant(op.getGamma());
  ScaleColumns(gamma.values, given.demand->columns);
  const auto& norm = std::get<NormDetails>(row.demand->details);
  double largest = 0;
  for (double value : gamma.values) largest = std::max(largest, std::abs(value));
  const double units = largest / std::ldexp(given.demand->unit, norm.precision);
  if (units == 0 || units >= kFew || !IsNews(op, Warning::kFewUnits)) return;
  mlir::emitWarning(op.getLoc()) << Refusal(
      fmt::format("a normalization whose largest scale is {:.3g} units of what reads it: a private "
                  "run rounds it to a whole number",
                  units),
      fmt::format("{:g} units or more", kFew),
      "scale the values up before they are read, or reveal more digits (--digits)");
}

// By so many bits terms reach further than a quantizer of their mean, which is read in that
// quantizer's steps: at least `kBelow` bits are left below one.
static int TermsReach(const Want& want, int width) {
  constexpr int kBelow = 10, kMost = 4;
  return want.exact ? std::clamp(width - want.width - kBelow, 0, kMost) : 0;
}

// The weights, mask / count or less, are P1's plaintext; the pooled sum is one product.
mlir::FailureOr<Given> Demands::MeanPool(const nn::Pool& pool, Want want) {
  nn::MeanPoolOp op = pool.mean;
  if (mlir::failed(FitsRing(op.getLoc(), want, policy_.exact_pool_width + policy_.pool_fraction)))
    return mlir::failure();
  // A mean is no larger than its terms, so that the ring has just the bits of a term and a weight;
  // a sum by the root fits the range that its reader knows, and what wraps on the way there is
  // lost.
  auto choice = ChoiceOf(op, {0, want.width, want.exact});
  if (mlir::failed(choice)) return mlir::failure();
  const bool exact = choice->construction() == kExactMean.name;
  const int width = choice->width("index"), further = want.given ? 0 : TermsReach(want, width);
  const double asked = want.UnitIn(width - further);
  auto range = RangeOf(op.getInput(),
                       RoomOfMean(want, exact ? std::ldexp(asked, width - 2) : Room::kUnlimited));
  if (mlir::failed(range)) return mlir::failure();
  const double reach = *range * want.LargestColumn();
  const double unit = exact ? asked : std::max(asked, std::ldexp(reach, 2 - width));
  const double limit = std::ldexp(unit, width - 2);
  if (reach > limit)
    return Refuse(op.getLoc(),
                  fmt::format("means of values that reach {:g} with their margin", reach),
                  fmt::format("values up to {:g} in this place", limit),
                  "normalize the mean, or let its quantizer reach further");
  auto x = Real(
      op.getInput(),
      {.width = width, .unit = unit, .exact = exact, .columns = want.columns, .given = want.given});
  if (mlir::failed(x)) return mlir::failure();
  if (!want.columns) Note(op.getInput(), {*x, kMeanPlace, limit});
  return Decide({.form = Form::kMean,
                 .loc = op.getLoc(),
                 .value = pool.result,
                 .operands = {*x},
                 .ring = width - further + policy_.pool_fraction,
                 .width = want.width,
                 .unit = std::ldexp(x->unit, -policy_.pool_fraction),
                 .offset = want.offset},
                std::ldexp(x->unit, width - further - want.width));
}

mlir::FailureOr<Given> Demands::UnitVector(nn::L2NormalizeOp op, const ResultReading& reading) {
  const int width = policy_.row_width;
  auto windows = WindowsOf(op);
  if (mlir::failed(windows)) return mlir::failure();
  const double n = static_cast<double>(ExtentsOf(op.getInput()).back());
  const double least = op.getEpsilon().convertToDouble();
  const Squares squares{n, least * least / n, BitsOfSquares(MagnitudeOf(width), n)};
  auto v = RowOfRange(op, width, squares);
  if (mlir::failed(v)) return mlir::failure();
  WarnOfLeastNorm(op);
  const int bits = squares.bits, precision = bits / 2 + policy_.wide_rsqrt_floor;
  const double epsilon = std::pow(least / v->unit, 2);
  return Decide(
      {.form = Form::kUnitVector,
       .loc = op.getLoc(),
       .value = op.getResult(),
       .operands = {*v},
       .ring = std::max(bits, precision + 2),
       .width = reading.shown,
       .details = NormDetails{*windows, bits, precision, std::ldexp(1.0, precision), epsilon}},
      1);
}

// The root of a square and that of the least norm stands for the larger one of both.
void Demands::WarnOfLeastNorm(nn::L2NormalizeOp op) {
  constexpr double kSmall = 1.0 / 64;  // of the longest vector that there may be
  const double least = op.getEpsilon().convertToDouble();
  const double n = static_cast<double>(ExtentsOf(op.getInput()).back());
  auto range = RangeOf(op.getInput(), RoomOfRow(policy_.row_width));
  if (mlir::failed(range) || least <= kSmall * *range * std::sqrt(n)) return;
  if (!IsNews(op, Warning::kLeastNorm)) return;
  mlir::emitWarning(op.getLoc()) << Refusal(
      fmt::format(
          "vectors that are brought to length 1 with a least norm of {:.4g} beside their own "
          "of up to {:.4g}: a private run makes those near it shorter",
          least, *range * std::sqrt(n)),
      fmt::format("a least norm of up to {:.4g}", kSmall * *range * std::sqrt(n)),
      "normalize with a least norm that only zeros are below, such as 1e-12");
}

// Levels are placed for the largest score of all: the lowest one begins so far below it.
void Demands::WarnOfLowRows(nn::SoftmaxOp op, const SoftmaxWidths& w, double range) {
  constexpr double kSpare = 1;  // octaves below the lowest level that cost no more than rounding
  auto least = op->getAttrOfType<mlir::FloatAttr>(nn::kLeastMaximumAttr);
  if (!least || w.bound > 0) return;
  const double octave = std::log(2.0),
               lowest = range - (LargestScore(w) + w.lowest_maximum + kSpare) * octave;
  if (least.getValueAsDouble() >= lowest || !IsNews(op, Warning::kLowRows)) return;
  mlir::emitWarning(op.getLoc()) << Refusal(
      fmt::format("a softmax with rows of scores that are all below {:.4g}, beside others up to "
                  "{:.4g} with their margin: their probabilities are not the file's",
                  least.getValueAsDouble(), range),
      fmt::format("rows whose largest score is {:.4g} or more", lowest),
      "take away what shifts all scores of a row, such as a bias of the keys, or scale scores "
      "down");
}

mlir::FailureOr<Given> Demands::BySoftmax(const Site& site) {
  auto op = site.real.getDefiningOp<nn::SoftmaxOp>();
  if (!op) return NoFit(site, "no softmax");
  const Quantizer& q = site.quantizer;
  if (ExtentsOf(op.getResult()).back() > policy_.softmax.longest_row)
    return Refuse(
        op.getLoc(), fmt::format("a softmax over {} elements", ExtentsOf(op.getResult()).back()),
        fmt::format("at most {}", policy_.softmax.longest_row), "compile for shorter inputs");
  const SoftmaxWidths w = WidthsForSoftmax(policy_, q.bits, ExtentsOf(op.getResult()).back());
  if (w.sum_ring > kMaxRingBits)
    return Refuse(op.getLoc(), fmt::format("a softmax whose sum has {} bits", w.sum_ring),
                  fmt::format("rings of up to {} bits", kMaxRingBits),
                  "leave the softmax's keys of --policy as they are");
  if (policy_.softmax.bound > 0 && w.bound == 0)
    mlir::emitWarning(op.getLoc()) << Refusal(
        "a public bound of scores that is left unused in this softmax, since holding them would "
        "cost more than the levels of a row's largest",
        "scores of any size", "nothing, or a smaller bound: only plans that use it tell of it");
  const double least_step =
      std::ldexp(1.0, 1 - w.result_octaves - std::max(0, q.magnitude - kMostResultBits));
  if (q.scale < least_step)
    return Refuse(op.getLoc(), fmt::format("probabilities in steps of {:g}", q.scale),
                  fmt::format("steps of {:g} or more, which tell apart what {} bits hold",
                              least_step, q.bits),
                  "quantize probabilities from 0 to 1");
  const double octave = std::log(2.0), step = std::ldexp(octave, -w.steps_log2);
  const double limit = LargestScore(w) * octave;
  auto range = w.bound > 0
                   ? mlir::FailureOr<double>(limit)
                   : RangeOf(op.getScores(), {.most = limit - octave * policy_.scores_below_guess,
                                              .spread = Room::kUnlimited,
                                              .provable = SafeScore(w) * octave});
  if (mlir::failed(range)) return mlir::failure();
  if (*range > limit)
    return Refuse(
        op.getLoc(), fmt::format("scores that reach {:g} with their margin", *range),
        fmt::format("{:g}, which the {} levels of a row's largest score cover", limit, w.levels),
        "quantize the activations to more bits, or rescale the attention");

  WarnOfLowRows(op, w, *range);
  auto score = Real(op.getScores(), {w.index, step, true});
  if (mlir::failed(score)) return mlir::failure();
  Note(op.getScores(), {*score, kScoresPlace, limit});
  return Decide({.form = Form::kSoftmax,
                 .loc = op.getLoc(),
                 .value = op.getResult(),
                 .operands = {*score},
                 .ring = site.ring,
                 .width = site.ring,
                 .unit = q.scale,
                 .quantizer = q,
                 .details = SoftmaxDetails{w, *range / octave}},
                q.scale);
}

mlir::FailureOr<Given> Demands::ByPaperSoftmax(const Site& site) {
  auto op = site.real.getDefiningOp<nn::SoftmaxOp>();
  if (!op) return NoFit(site, "no softmax");
  auto range = RangeOf(op.getScores());
  if (mlir::failed(range)) return mlir::failure();
  auto score = Real(op.getScores(), {site.choice.width("index"), *range / 8});
  if (mlir::failed(score)) return mlir::failure();
  return Decide({.form = Form::kSoftmaxByPaper,
                 .loc = op.getLoc(),
                 .value = op.getResult(),
                 .operands = {*score},
                 .ring = site.ring,
                 .width = site.ring,
                 .unit = site.quantizer.scale,
                 .quantizer = site.quantizer},
                site.quantizer.scale);
}

}  // namespace mpcc

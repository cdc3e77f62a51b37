// SPDX-License-Identifier: Apache-2.0
// Softmax without a maximum and without a division per element (docs/lowering.md). In octaves:
//   R = T log2 sum_j 2^(x_j / T), between max_j x_j and max_j x_j + T log2 n;
//   L = log2 sum_j 2^(x_j - R);   p_j = 2^(x_j - R - L).
// R and L are table reads of row scalars; R cancels, so it may be coarse.
#include <cmath>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"
#include "passes/lower/marks.h"
#include "passes/lower/plain_builder.h"

namespace mpcc {
namespace {

int64_t RowLength(nn::SoftmaxOp op) {
  return llvm::cast<mlir::RankedTensorType>(op.getResult().getType()).getShape().back();
}

// Whether a mask, if there is one, says different things of the elements of a row.
bool VariesInRows(mlir::Value mask) {
  auto shape = mask ? llvm::cast<mlir::RankedTensorType>(mask.getType()).getShape()
                    : llvm::ArrayRef<int64_t>();
  return !shape.empty() && shape.back() > 1;
}

constexpr int kLargestRing = 64;

// A float summand of this size has no bits left for scores.
constexpr double kAbsorbs = -1e6;

}  // namespace

mlir::Value Lowering::MaskShare(nn::SoftmaxOp op, int width, int64_t value_log2) {
  Value mask = op.getMask();
  const auto key = std::make_tuple(mask.getAsOpaquePointer(), width, value_log2);
  if (auto known = masks_.find(key); known != masks_.end()) return known->second;
  auto type = llvm::cast<mlir::RankedTensorType>(mask.getType());
  mlir::OpBuilder& b = builder_;
  auto one = mlir::RankedTensorType::get({1}, b.getF32Type());
  Value limit = b.create<nn::ConstantOp>(
      op.getLoc(), one, mlir::DenseElementsAttr::get(one, b.getF32FloatAttr(-1000).getValue()),
      true);
  Value dropped = b.create<nn::BinaryOp>(op.getLoc(), type.clone(b.getI1Type()),
                                         nn::BinaryKind::less, mask, limit);
  dropped = b.create<nn::UnaryOp>(op.getLoc(), type, nn::UnaryKind::cast, dropped);
  // The ring holds -2^(w-1), not 2^(w-1); modulo 2^w they are one.
  dropped = b.create<nn::UnaryOp>(op.getLoc(), type, nn::UnaryKind::neg, dropped);
  return masks_[key] = emit_.InputLocal(emit_.Encode(dropped, value_log2, width));
}

// The summands relative to the largest of their row, which changes no probability.
mlir::Value Lowering::AdditiveMaskShare(nn::SoftmaxOp op, const SoftmaxWidths& w) {
  using Kind = nn::BinaryKind;
  const auto key = std::make_tuple(op.getMask().getAsOpaquePointer(), w.index, int64_t{w.low});
  if (auto known = masks_.find(key); known != masks_.end()) return known->second;
  PlainBuilder b(builder_, op.getLoc());
  // Infinite summands become the largest number, so that differences of two are numbers.
  Value mask = b.Binary(Kind::max, op.getMask(), b.Number(std::numeric_limits<float>::lowest()));
  // A row of huge summands has lost its scores in ONNX: no number stands for it.
  Value zero = b.Number(0), none = b.Binary(Kind::div, zero, zero), top = b.RowMax(mask);
  top = b.Select(b.Less(top, b.Number(kAbsorbs)), none, top);
  Value relative = b.Binary(Kind::sub, mask, top);
  Value dropped = b.Less(relative, b.Number(-LowestSummand(w) * std::log(2.0)));
  Value steps =
      b.Binary(Kind::mul, relative, b.Number(std::ldexp(1 / std::log(2.0), w.steps_log2)));
  Value index = b.Select(dropped, b.Number(-std::ldexp(1.0, w.index - 1)), steps);
  At(op);
  return masks_[key] = emit_.InputLocal(emit_.Encode(index, 0, w.index));
}

mlir::Value Lowering::Exponential(Value x, const SoftmaxWidths& w, const ExponentWidths& e,
                                  double octaves_per_step, double reference, double scale_log2) {
  const double headroom = 1;
  return emit_.Exp(x,
                   ExpEntries({w.index, w.low, octaves_per_step, reference,
                               e.octaves + e.fraction + scale_log2, headroom}),
                   LowFactors(w.low, octaves_per_step, e.factor_bits), e.ring);
}

// log2 of a row sum of Exponential, in index steps, such that one term at `reference` gives
// `reference`.
mlir::Value Lowering::LogOfSum(Value sum, WindowWidths windows, const SoftmaxWidths& w,
                               const ExponentWidths& e, double octaves_per_step, double reference) {
  const int log_of_reference = e.octaves + e.fraction + e.factor_bits;
  return Windows(sum, windows, w.index, [=](double value) {
    return std::llrint((std::log2(std::max(value, 1.0)) - log_of_reference) / octaves_per_step +
                       reference);
  });
}

// `exponential(s)` gives p, with 1.0 at 2^s times half of its ring. Rounded to the quantizer's
// steps; twice its range, for the error of the denominator.
Fixed Lowering::QuantizeProbabilities(const std::function<Value(double)>& exponential,
                                      const Site& site) {
  const Quantizer& q = site.quantizer;
  const int fraction = policy_.fraction_bits, index = q.magnitude + 2 + fraction;
  const double one = std::ldexp(1 / q.scale, fraction);
  Value p = exponential(std::log2(std::ldexp(one, 1 - index)));
  Value steps = RoundAway(emit_.Extract(p, index), fraction);
  return {emit_.Lift(steps, site.ring, /*is_unsigned=*/true), q.scale};
}

mlir::FailureOr<Fixed> Lowering::LowerProbabilities(const Site& site) {
  auto op = site.real.getDefiningOp<nn::SoftmaxOp>();
  if (!op) return NoFit(site, "no softmax");
  const Quantizer& q = site.quantizer;
  if (RowLength(op) > policy_.softmax.longest_row)
    return Refuse(op.getLoc(), fmt::format("a softmax over {} elements", RowLength(op)),
                  fmt::format("at most {}", policy_.softmax.longest_row),
                  "compile for shorter inputs");
  const SoftmaxWidths w = WidthsForSoftmax(policy_, q.bits, RowLength(op));
  const int index = q.magnitude + 2 + policy_.fraction_bits;
  if (w.LargestRing() > kLargestRing || index > w.result.ring)
    return Refuse(
        op.getLoc(),
        fmt::format("a softmax of rings of up to {} bits, whose result of {} is read in {}",
                    w.LargestRing(), w.result.ring, index),
        fmt::format("rings of up to {} bits, results as wide as they are read", kLargestRing),
        "leave the softmax's keys of --policy as they are");
  const double octave = std::ldexp(1.0, -w.steps_log2);  // of one step
  const int64_t half = int64_t{1} << (w.index - 1), low_step = int64_t{1} << w.low;
  const double step = octave * std::log(2.0), limit = LargestScore(w) * step;
  auto range = RangeOf(op.getScores(), {.most = limit - std::log(2.0) * policy_.scores_below_guess,
                                        .spread = Room::kUnlimited,
                                        .provable = SafeScore(w) * step});
  if (mlir::failed(range)) return mlir::failure();
  if (*range > limit)
    return Refuse(op.getLoc(), fmt::format("scores that reach {:g} with their margin", *range),
                  fmt::format("{:g}, which the {}-bit index of the exponent and the sum of a row "
                              "cover",
                              limit, w.index),
                  "quantize the activations to more bits, or rescale the attention");

  // x + half / 2 in [0, half); masked positions are moved into the other half, where exponentials
  // are zero.
  auto score = LowerReal(op.getScores(), {w.index, step, true});
  if (mlir::failed(score)) return mlir::failure();
  Mark(op.getScores(), *score, kScoresPlace, limit);
  At(op);
  Value mask = VariesInRows(op.getMask()) ? AdditiveMaskShare(op, w) : Value();
  auto masked = [&](Value x) { return mask ? emit_.Add(x, mask) : x; };

  // 1. A coarse sum at a higher temperature gives every row its reference.
  const double coarse = octave / w.temperature, top = static_cast<double>(half) / 2 + *range / step;
  Value x = emit_.AddPublic(score->value, half / 2);
  Value sum = emit_.RowSum(Exponential(masked(x), w, w.coarse, coarse, top));
  Value reference = LogOfSum(sum, w.coarse_windows, w, w.coarse, coarse, top);

  // 2. x - reference is at most about 0; 0 lies two steps of the high digit below the masked half.
  const int64_t zero = half - 2 * low_step;
  x = emit_.AddPublic(emit_.Sub(x, reference), zero);
  sum = emit_.RowSum(Exponential(masked(x), w, w.fine, octave, static_cast<double>(zero)));
  Value log_sum = LogOfSum(sum, w.fine_windows, w, w.fine, octave, 0);

  // 3. The probability itself.
  Value y = emit_.Sub(x, log_sum);
  return QuantizeProbabilities(
      [&](double scale_log2) {
        return Exponential(masked(y), w, w.result, octave, static_cast<double>(zero), scale_log2);
      },
      site);
}

// The source design: 4-bit scores, a tournament for the maximum, one exponential table read in 16
// and in 4 bits, and a two-input table that divides.
mlir::FailureOr<Fixed> Lowering::LowerProbabilitiesByPaper(const Site& site) {
  auto op = site.real.getDefiningOp<nn::SoftmaxOp>();
  if (!op) return NoFit(site, "no softmax");
  const Quantizer& q = site.quantizer;
  auto range = RangeOf(op.getScores());
  if (mlir::failed(range)) return mlir::failure();
  auto score = LowerReal(op.getScores(), {4, *range / 8});
  if (mlir::failed(score)) return mlir::failure();
  At(op);
  // score - max in (-16, 0]: read as an int index, 0 is the maximum and 16 - u the distance.
  Value distance = emit_.Sub(score->value, emit_.RowMax(score->value));
  Value keep = op.getMask() ? MaskShare(op, 1, 0) : emit_.SharePrivate({0}, {1}, 1);
  const int64_t n = RowLength(op);
  const double one = std::floor((65536.0 - 4096.0) / static_cast<double>(n));
  auto exponential = [&](double scale) {
    std::vector<int64_t> table(32, 0);  // index 2 u + masked
    for (int u = 0; u < 16; ++u)
      table[2 * u] = std::llrint(scale * std::exp((u == 0 ? 0 : u - 16) * score->unit));
    return table;
  };
  Value e16 = emit_.Lut2(distance, keep, exponential(one), 16);
  Value e4 = emit_.Lut2(distance, keep, exponential(15), 4);
  Value sum4 = emit_.Extract(emit_.RowSum(e16), 4);
  std::vector<int64_t> quotient(256);
  for (int e = 0; e < 16; ++e)
    for (int s = 0; s < 16; ++s)
      quotient[16 * e + s] = q.Apply((e / 15.0) / std::max(s * 4096.0 / one, 1.0));
  return Fixed{emit_.Lut2(e4, sum4, quotient, site.ring), q.scale};
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// Softmax without a maximum and without a division per element (docs/lowering.md). In octaves:
//   R = T log2 sum_j 2^(x_j / T), between max_j x_j and max_j x_j + T log2 n;
//   L = log2 sum_j 2^(x_j - R);   p_j = 2^(x_j - R - L).
// R and L are table reads of row scalars; R cancels, so it may be coarse.
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"
#include "passes/lower/softmax_masks.h"

namespace mpcc {
namespace {

// One kind of exponential of a softmax: 2^((x - reference) octaves_per_step), 1.0 at the reference.
struct Exponential {
  const SoftmaxWidths& widths;
  ExponentWidths exponent;
  double octaves_per_step, reference;
  double scale_log2 = 0;  // of what is more than 1.0 at the reference
};

mlir::Value Exp(Emitter& emit, mlir::Value x, const Exponential& e) {
  const double headroom = 1;
  const SoftmaxWidths& w = e.widths;
  return emit.Exp(x,
                  ExpEntries({w.index, w.low, e.octaves_per_step, e.reference,
                              e.exponent.octaves + e.exponent.fraction + e.scale_log2, headroom}),
                  LowFactors(w.low, e.octaves_per_step, e.exponent.factor_bits), e.exponent.ring);
}

// log2 of a row sum of such, in index steps, so that one term at the reference gives `at`.
mlir::Value LogOfSum(Rewriter& rewriter, mlir::Value sum, const WindowWidths& windows,
                     const Exponential& e, double at) {
  const ExponentWidths& w = e.exponent;
  const int log_of_reference = w.octaves + w.fraction + w.factor_bits;
  const double octaves_per_step = e.octaves_per_step;
  return Windows(rewriter, sum, windows, e.widths.index, [=](double value) {
    return std::llrint((std::log2(std::max(value, 1.0)) - log_of_reference) / octaves_per_step +
                       at);
  });
}

}  // namespace

Values RewriteSoftmax(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::SoftmaxOp>();
  const auto& [w, range] = std::get<SoftmaxDetails>(demand.details);
  const double octave = std::ldexp(1.0, -w.steps_log2);  // of one step
  const int64_t half = int64_t{1} << (w.index - 1), low_step = int64_t{1} << w.low;
  // x + half / 2 in [0, half); masked positions are moved into the other half, where exponentials
  // are zero.
  mlir::Value mask = AdditiveMaskShare(rewriter, op, w);
  auto masked = [&](mlir::Value x) { return mask ? emit.Add(x, mask) : x; };

  // 1. A coarse sum at a higher temperature gives every row its reference.
  const double top = static_cast<double>(half) / 2 + range;
  const Exponential coarse{w, w.coarse, octave / w.temperature, top};
  mlir::Value x = emit.AddPublic(rewriter.In(demand), half / 2);
  mlir::Value sum = emit.RowSum(Exp(emit, masked(x), coarse));
  mlir::Value reference = LogOfSum(rewriter, sum, w.coarse_windows, coarse, top);

  // 2. x - reference is at most about 0; 0 lies two steps of the high digit below the masked half.
  const int64_t zero = half - 2 * low_step;
  const Exponential fine{w, w.fine, octave, static_cast<double>(zero)};
  x = emit.AddPublic(emit.Sub(x, reference), zero);
  sum = emit.RowSum(Exp(emit, masked(x), fine));
  mlir::Value log_sum = LogOfSum(rewriter, sum, w.fine_windows, fine, 0);

  // 3. The probability itself, with 1.0 at 2^scale_log2 times half of its ring, rounded to the
  // quantizer's steps; twice its range, for the error of the denominator.
  const Quantizer& q = *demand.quantizer;
  const int fraction = rewriter.policy.fraction_bits, index = q.magnitude + 2 + fraction;
  const double one = std::ldexp(1 / q.scale, fraction);
  const Exponential result{w, w.result, octave, static_cast<double>(zero),
                           std::log2(std::ldexp(one, 1 - index))};
  mlir::Value p = Exp(emit, masked(emit.Sub(x, log_sum)), result);
  mlir::Value steps = rewriter.Top(p, index - fraction);
  return {emit.Lift(steps, demand.ring, /*is_unsigned=*/true)};
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/softmax_widths.h"

#include <algorithm>
#include <cmath>

#include "passes/policy/widths.h"

namespace mpcc {
namespace {

ExponentWidths Coarse(const SoftmaxPolicy& policy, bool narrow, int temperature, int log_row) {
  const int low_octaves = 1 << policy.low_octaves_log2;
  ExponentWidths e{policy.coarse_fraction + low_octaves / temperature, policy.coarse_factor_bits, 0,
                   0};
  // Rows' maxima may differ by `octaves` times the temperature; one octave of headroom.
  const int overhead = e.fraction + e.factor_bits + log_row + 2;
  e.octaves =
      std::min(narrow ? policy.narrow_coarse_octaves : policy.coarse_octaves, 64 - overhead);
  e.ring = e.octaves + overhead;
  return e;
}

ExponentWidths Fine(const SoftmaxPolicy& policy, int temperature, int log_row) {
  // The coarse sum overestimates the maximum by at most temperature * log2(row) octaves.
  ExponentWidths e{policy.fine_fraction + (1 << policy.low_octaves_log2), policy.fine_factor_bits,
                   temperature * log_row + 2, 0};
  e.ring = e.octaves + e.fraction + e.factor_bits + 3;
  return e;
}

ExponentWidths Result(const SoftmaxPolicy& policy) {
  // 1.0 lies just below half the ring.
  ExponentWidths e{policy.result_fraction + (1 << policy.low_octaves_log2),
                   policy.result_factor_bits, 0, 0};
  e.ring = e.fraction + e.factor_bits + 1;
  return e;
}

}  // namespace

int SoftmaxWidths::LargestRing() const { return std::max({coarse.ring, fine.ring, result.ring}); }

SoftmaxWidths WidthsForSoftmax(const LoweringPolicy& policy, int activation_bits, int64_t row) {
  const SoftmaxPolicy& s = policy.softmax;
  const int log_row = CeilLog2(row);
  const bool narrow = activation_bits <= s.narrow_bits;
  SoftmaxWidths w{};
  w.steps_log2 = s.steps_log2;
  w.low = s.steps_log2 + s.low_octaves_log2;
  // 16 or 64 entries of the dealt tables: 128 or 512 octaves of scores, as many of masked ones.
  w.index = w.low + (narrow ? s.narrow_high_bits : s.high_bits);
  w.temperature = row <= s.long_row ? s.temperature : s.long_temperature;
  w.lowest_maximum = s.lowest_maximum;
  w.coarse = Coarse(s, narrow, w.temperature, log_row);
  w.coarse_windows = narrow ? s.narrow_coarse_windows : s.coarse_windows;
  w.fine = Fine(s, w.temperature, log_row);
  const int span = (w.temperature - 1) * log_row + 3;
  w.fine_windows = {(span + s.fine_gap - 1) / s.fine_gap,
                    narrow ? s.narrow_fine_index : s.fine_index, s.fine_gap};
  w.result = Result(s);
  return w;
}

// Half of the index has room for scores of both signs and the references. And the coarse sum is
// scaled for the largest score of all: a row whose own largest is about zero must not vanish from
// it.
double LargestScore(const SoftmaxWidths& w) {
  const double index = std::ldexp(1.0, w.index - 2) - 1.25 * std::ldexp(1.0, w.low);
  // What the sum's last window sees of the largest term of a row, and that term's own fixed point.
  const WindowWidths& windows = w.coarse_windows;
  const int seen = w.coarse.ring - windows.index - (windows.levels - 1) * windows.gap + 1;
  const int octaves = w.coarse.octaves + w.coarse.fraction + w.coarse.factor_bits - seen;
  const double span = std::ldexp(
      std::min(octaves, w.coarse.octaves) * w.temperature - w.lowest_maximum, w.steps_log2);
  return std::min(index, span);
}

double SafeScore(const SoftmaxWidths& w) {
  return (LargestScore(w) + std::ldexp(w.lowest_maximum, w.steps_log2)) / 2;
}

double LowestSummand(const SoftmaxWidths& w) {
  return std::ldexp(1.0, w.index - 1 - w.steps_log2) - 2.25 * std::ldexp(1.0, w.low - w.steps_log2);
}

}  // namespace mpcc

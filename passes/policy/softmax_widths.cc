// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/softmax_widths.h"

#include <algorithm>
#include <cmath>

#include "passes/policy/widths.h"

namespace mpcc {
namespace {

constexpr int kResultHeadroom = 8;  // octaves
constexpr int kNarrowSpare = 2;     // octaves of windows below the least sum
// A term loses half a unit in the mean, one that is far below less, one that is masked nothing.
constexpr double kLostByElement = 0.25;
constexpr int kBelowHalfOctaves = 36;  // that summands keep clear of masked positions

// Octaves between the largest and the smallest of what is read below a score, in all its readings.
int WindowOf(const SoftmaxWidths& w) {
  const int log_row = w.sum_ring - w.fraction - w.level_octaves;
  return w.result_octaves + (1 << (w.digit - w.steps_log2)) + log_row + kLargestStepLog2;
}

// The largest score, in octaves, with which masked positions, half of the ring away, do not come to
// where a function of a score less its references is not zero.
int Apart(const SoftmaxWidths& w) { return std::max(0, (w.HalfOctaves() - WindowOf(w)) / 2); }

// The octaves in which scores below `bound` are held: half of a level, or some times twice that.
int HeldOctaves(double bound, int level_octaves) {
  int octaves = level_octaves / 2;  // a digit at least
  while (octaves * std::log(2.0) < bound) octaves *= 2;
  return octaves;
}

// Whether holding scores costs less than levels do, in rounds and in material: to saturate takes as
// many rounds as levels of a short row, and a sum over more than two levels deals more than they.
bool HoldingPays(const SoftmaxPolicy& s, int activation_bits, int64_t row, const SoftmaxWidths& w) {
  return activation_bits > s.narrow_bits && row > s.table_row &&
         HeldOctaves(s.bound, w.level_octaves) <= w.level_octaves;
}

// One level for all scores, and as few bits as hold them with masked positions.
void HoldBelow(double bound, SoftmaxWidths& w) {
  w.bound = HeldOctaves(bound, w.level_octaves);
  w.lowest_maximum = w.bound;
  w.level_octaves = 2 * w.bound;
}

}  // namespace

SoftmaxWidths WidthsForSoftmax(const LoweringPolicy& policy, int activation_bits, int64_t row) {
  const SoftmaxPolicy& s = policy.softmax;
  const bool wide = activation_bits > s.narrow_bits;
  const SoftmaxResolution& r = wide ? s.wide : s.narrow;
  const int log_row = CeilLog2(row), digit_octaves = 1 << s.digit_octaves_log2;
  SoftmaxWidths w{};
  w.wide = wide;
  w.steps_log2 = r.steps_log2;
  w.digit = r.steps_log2 + s.digit_octaves_log2;
  w.index = w.digit + r.high_bits;
  w.level_octaves = r.level_digits * digit_octaves;
  w.lowest_maximum = s.lowest_maximum;
  if (s.bound > 0 && HoldingPays(s, activation_bits, row, w)) HoldBelow(s.bound, w);
  w.count_ring = std::max(2, CeilLog2(row + 1));
  w.mantissa = r.mantissa;
  w.fraction = std::max(r.fraction + log_row, r.mantissa);
  w.lost = wide ? kLostByElement * static_cast<double>(row) : 0;
  w.sum_ring = w.fraction + w.level_octaves + log_row;
  // A sum is 1 at least where a level was found.
  const int span = w.level_octaves + log_row + (wide ? 0 : kNarrowSpare);
  w.windows = {(span + r.window_gap - 1) / r.window_gap, std::min(r.window_index, w.sum_ring),
               r.window_gap};
  w.result_octaves = kResultHeadroom + std::min(activation_bits, kMostResultBits);
  if (w.bound > 0) {
    w.levels = 1;
    const int half = std::max(2 * w.bound + WindowOf(w), kBelowHalfOctaves + w.level_octaves);
    w.index = CeilLog2(half) + w.steps_log2 + 1;
    return w;
  }
  // As many levels as scores reach.
  const int reach = Apart(w) + w.lowest_maximum;
  w.levels = std::clamp((reach + w.level_octaves - 1) / w.level_octaves, 1, r.levels);
  return w;
}

int LargestScore(const SoftmaxWidths& w) {
  if (w.bound > 0) return w.bound;
  return std::min(w.levels * w.level_octaves - w.lowest_maximum, Apart(w));
}

double SafeScore(const SoftmaxWidths& w) { return (LargestScore(w) + w.lowest_maximum) / 2.0; }

int LowestSummand(const SoftmaxWidths& w) { return w.HalfOctaves() - kBelowHalfOctaves; }

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/softmax_stairs.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace mpcc {
namespace {

void Append(Stairs& stairs, int64_t start, int64_t value) {
  if (!stairs.values.empty() && stairs.values.back() == value) return;
  if (stairs.values.empty() && value == 0) return;
  stairs.starts.push_back(start);
  stairs.values.push_back(value);
}

// 2^(step / 2^steps_log2), the mantissa in its bits after the point.
double Power(const SoftmaxWidths& w, int64_t step) {
  const int64_t octave = step >> w.steps_log2;
  const double mantissa =
      std::exp2(std::ldexp(static_cast<double>(step), -w.steps_log2) - static_cast<double>(octave));
  return std::ldexp(std::nearbyint(std::ldexp(mantissa, w.mantissa)),
                    static_cast<int>(octave) - w.mantissa);
}

}  // namespace

int64_t StepsOf(const SoftmaxWidths& w, double octaves) {
  return std::llrint(std::ldexp(octaves, w.steps_log2));
}

int LevelCellBits(const SoftmaxWidths& w) {
  return std::countr_zero(static_cast<uint64_t>(StepsOf(w, w.level_octaves)));
}

// Such cells that the levels have.
static int64_t LevelCells(const SoftmaxWidths& w) {
  const int64_t end = StepsOf(w, LargestScore(w) + w.lowest_maximum);
  return (end + (int64_t{1} << LevelCellBits(w)) - 1) >> LevelCellBits(w);
}

int64_t LevelShift(const SoftmaxWidths& w) {
  return (int64_t{1} << (w.index - 1)) - (LevelCells(w) << LevelCellBits(w));
}

std::vector<int64_t> ReachesLevel(const SoftmaxWidths& w, int level) {
  const int64_t numbers = int64_t{1} << (w.index - LevelCellBits(w));
  const int64_t first = level * (StepsOf(w, w.level_octaves) >> LevelCellBits(w));
  std::vector<int64_t> reaches(numbers, 0);
  for (int64_t cell = first; cell < LevelCells(w); ++cell)
    reaches[numbers / 2 - LevelCells(w) + cell] = 1;
  return reaches;
}

// Cells end where the level does. The function goes on to the end of the cell after that, so that
// it has the bits of the others. What is read there is above the row's level, as only scores beyond
// their range are; it is read alike in every run all the same.
Stairs Exponential(const SoftmaxWidths& w) {
  const int64_t digit = int64_t{1} << w.digit, top = StepsOf(w, w.level_octaves);
  Stairs stairs{{}, {}, 0, top + digit};
  for (int64_t x = -StepsOf(w, w.fraction); x < top + digit; ++x)
    Append(stairs, x, static_cast<int64_t>(std::ldexp(Power(w, x), w.fraction)));
  Append(stairs, top + digit, 0);
  return stairs;
}

double ResultOrigin(const SoftmaxWidths& w, int bits) {
  return w.wide ? std::log2(std::ldexp(1, bits) - 1) : 0;
}

// Cells begin where the largest value does: what follows is constant.
Stairs QuantizedPower(const SoftmaxWidths& w, int bits) {
  const double largest = std::ldexp(1, bits) - 1, origin = ResultOrigin(w, bits);
  const int64_t end = StepsOf(w, w.result_octaves - std::ceil(origin));
  Stairs stairs{{}, {}, 0, end};
  for (int64_t x = -StepsOf(w, std::ceil(origin) + 2); x < end; ++x) {
    const double exact = std::exp2(std::ldexp(static_cast<double>(x), -w.steps_log2) + origin);
    Append(stairs, x, std::llrint(std::min(exact, largest)));
  }
  stairs.origin = stairs.starts.back();
  Append(stairs, end, 0);
  return stairs;
}

}  // namespace mpcc

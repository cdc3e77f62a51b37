// SPDX-License-Identifier: Apache-2.0
// The public functions of a softmax, of numbers of steps (passes/policy/softmax_widths.h).
#ifndef MPCC_PASSES_LOWER_SOFTMAX_STAIRS_H_
#define MPCC_PASSES_LOWER_SOFTMAX_STAIRS_H_

#include "passes/lower/tables.h"
#include "passes/policy/softmax_widths.h"

namespace mpcc {

// Steps that so many octaves have, to the nearest.
int64_t StepsOf(const SoftmaxWidths& w, double octaves);

// Bits below the cells that levels are read by: the widest ones that each begin with a level, which
// has a whole number of them.
int LevelCellBits(const SoftmaxWidths& w);

// What is added to scores, from 0 on, before their top digit is read: the first cell that no score
// reaches becomes the least number, which does not occur.
int64_t LevelShift(const SoftmaxWidths& w);

// 1 from the lower end of a level on, level 0 beginning at 0: by the top digit, shifted.
std::vector<int64_t> ReachesLevel(const SoftmaxWidths& w, int level);

// floor(2^(x + fraction)), the mantissa rounded to its bits, of x below a level.
Stairs Exponential(const SoftmaxWidths& w);

// What a probability's integer is at x = 0, its log2: of many bits the largest one, which stands
// for 1 where the quantizer's scale is the usual one, so that nothing is left to be rounded.
double ResultOrigin(const SoftmaxWidths& w, int bits);

// 2^(x + origin) to the nearest of 0 to 2^bits - 1. REQUIRES: bits <= kMostResultBits.
Stairs QuantizedPower(const SoftmaxWidths& w, int bits);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_SOFTMAX_STAIRS_H_

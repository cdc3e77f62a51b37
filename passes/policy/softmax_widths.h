// SPDX-License-Identifier: Apache-2.0
// The softmax of rows of scores (docs/lowering.md).
#ifndef MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_
#define MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_

#include <cstdint>

#include "passes/policy/policy.h"

namespace mpcc {

// Scores and references are numbers of steps, 2^steps_log2 of them an octave.
struct SoftmaxWidths {
  bool wide;  // of more bits than the policy's narrow ones
  int steps_log2;
  int index;           // bits of a score; masked positions are moved by half of that ring
  int digit;           // low bits of it that are read as one digit
  int levels;          // of a row's largest score, of `level_octaves` each from `lowest` on
  int level_octaves;   // a multiple of the digit's
  int lowest_maximum;  // octaves below zero of the lowest level
  int bound;           // octaves in which scores are held, a power of two; 0: they are not
  int count_ring;      // holds the number of elements of a row
  int fraction;        // octaves below a level that terms of the sum are kept
  int mantissa;        // bits of such a term after its first one
  double lost;         // units of the sum that its terms, rounded down, fall short by, about
  int sum_ring;
  WindowWidths windows;  // that read the sum's logarithm
  int result_octaves;    // above a probability's quantization step up to which it is read

  // Octaves of half of the index's ring.
  int HalfOctaves() const { return 1 << (index - 1 - steps_log2); }
};
// A declared bound of scores is left unused where levels cost less. REQUIRES: row >= 1.
SoftmaxWidths WidthsForSoftmax(const LoweringPolicy& policy, int activation_bits, int64_t row);

// The largest score that a softmax takes, in octaves.
int LargestScore(const SoftmaxWidths& w);
// Up to here, in octaves, scores of any row are right: its largest may also lie as far below zero.
double SafeScore(const SoftmaxWidths& w);
// In octaves below the largest summand of a row. What lies further below is moved by half of the
// index's ring, where every function of scores is zero.
int LowestSummand(const SoftmaxWidths& w);
// A probability is told by so many bits of its quantizer's; where that has more, the rest are
// zeros.
inline constexpr int kMostResultBits = 12;
// log2 of the largest step of such a quantizer.
inline constexpr int kLargestStepLog2 = 4;

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_

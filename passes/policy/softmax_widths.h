// SPDX-License-Identifier: Apache-2.0
// The softmax of rows of scores (docs/lowering.md).
#ifndef MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_
#define MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_

#include <cstdint>

#include "passes/policy/policy.h"

namespace mpcc {

// One exponential: a dealt table in a ring, times a public factor.
struct ExponentWidths {
  int fraction;     // bits below the smallest value kept, the span of the low digit included
  int factor_bits;  // fraction bits of the public factor
  int octaves;      // from the reference index down to the smallest value kept
  int ring;
};

struct SoftmaxWidths {
  int steps_log2;   // steps of the exponent's index per octave
  int index;        // bits of that index; the upper half marks masked positions
  int low;          // low digit of the index, resolved by the public factor
  int temperature;  // of the first, coarse sum
  int lowest_maximum;
  ExponentWidths coarse, fine, result;
  WindowWidths coarse_windows, fine_windows;

  // The largest ring; beyond 64 bits there is no such softmax.
  int LargestRing() const;
};
// REQUIRES: row >= 1.
SoftmaxWidths WidthsForSoftmax(const LoweringPolicy& policy, int activation_bits, int64_t row);

// The largest score that a softmax takes, in steps of its index.
double LargestScore(const SoftmaxWidths& w);
// Up to here, in steps, scores of any row are right: its largest may also lie as far below zero.
double SafeScore(const SoftmaxWidths& w);
// In octaves below the largest summand of a row. What lies further below is moved into the masked
// half of the index; what does not may fall below the other half, and wraps into the masked one,
// but not through it.
double LowestSummand(const SoftmaxWidths& w);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_SOFTMAX_WIDTHS_H_

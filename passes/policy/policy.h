// SPDX-License-Identifier: Apache-2.0
// Every number that a lowering decides by, apart from the model. Those that plans show are in every
// party's plan: what follows from them may look at shapes and bit widths, never at a weight, a
// scale or a range. What each means, and what it may be, is in the table of keys (policy_keys.cc).
#ifndef MPCC_PASSES_POLICY_POLICY_H_
#define MPCC_PASSES_POLICY_POLICY_H_

#include "runtime/base/network_profile.h"

namespace mpcc {

enum class LoweringKind { kDefault, kPaper };

// Windows that read a function of a positive number over many octaves.
struct WindowWidths {
  int levels;
  int index;  // bits of each window
  int gap;    // octaves from one window to the next
};

// How finely a softmax reads scores.
struct SoftmaxResolution {
  int steps_log2;    // steps of a score per octave
  int high_bits;     // of the top digit of a score
  int levels;        // of a row's largest score
  int level_digits;  // low digits that a level covers
  int fraction;      // octaves, beside log2 of the row, that terms of a sum are kept below a level
  int mantissa;      // bits of such a term after its first one
  int window_index;  // bits of the windows that read a sum's logarithm
  int window_gap;    // octaves from one to the next
};

// Softmax (docs/lowering.md); "narrow" ones are of activations of at most `narrow_bits` bits.
struct SoftmaxPolicy {
  int narrow_bits = 4;
  int longest_row = 512;
  double bound = 0;            // of scores, declared public; 0: none is
  int digit_octaves_log2 = 2;  // octaves of a score's low digit
  int lowest_maximum = 8;
  int table_row = 32;  // the levels of rows up to this are read by tables
  SoftmaxResolution narrow{6, 6, 13, 1, 4, 6, 10, 4}, wide{7, 8, 21, 2, 7, 9, 11, 3};
};

// What there is to choose among where top bits are read (docs/lowering.md).
struct ReadPolicy {
  int by_bits = 1;         // bits may be found before they enter the ring
  int by_digits = 1;       // what saturates may be read by digits, tops of staircases by halves
  int leading_joined = 4;  // digits of a borrow that a function of leading bits joins last, at most
};

struct LoweringPolicy {
  LoweringKind kind = LoweringKind::kDefault;
  NetworkProfile network;

  // Operands of products.
  int table_bits = 4;
  int extra_index_bits = 2;
  int headroom_bits = 3;
  int fold_bits = 9, narrow_fold_bits = 5;
  int rounded_bits = 8;
  int function_width = 16;
  int function_lines = 1;
  int function_reach = 6;
  int function_precision = 6;
  int real_bits = 12;

  ReadPolicy reads;

  // Row normalizations.
  int norm_narrow_bits = 4;
  int norm_width = 17, wide_norm_width = 20;
  int norm_ring = 32, wide_norm_ring = 44;
  int rsqrt_floor = 3, wide_rsqrt_floor = 9;
  WindowWidths norm_windows{3, 12, 5}, wide_norm_windows{5, 12, 4}, output_norm_windows{3, 12, 5};
  int row_width = 16;
  int pool_fraction = 15;
  int exact_pool_width = 30;

  SoftmaxPolicy softmax;

  // Inputs and results.
  int input_fraction = 14;
  int input_ring = 48;
  int real_ring = 32;
  int logit_fraction = 24;
  int mean_fraction = 16;  // means of tokens are as large as these
  int output_fraction = 14;

  // Ranges; these steer private multipliers only.
  double range_margin = 1.25;
  double function_headroom = 1.6;
  double guess_margin = 1.5;
  double row_spread = 8;
  double operand_spread = 2;
  int scores_below_guess = 16;

  bool paper() const { return kind == LoweringKind::kPaper; }
};

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_POLICY_H_

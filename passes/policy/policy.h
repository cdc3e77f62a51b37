// SPDX-License-Identifier: Apache-2.0
// Every number that a lowering decides by, apart from the model. Those that plans show are in every
// party's plan: what follows from them may look at shapes and bit widths, never at a weight, a
// scale or a range. What each means, and what it may be, is in the table of keys (policy_keys.cc).
#ifndef MPCC_PASSES_POLICY_POLICY_H_
#define MPCC_PASSES_POLICY_POLICY_H_

namespace mpcc {

enum class LoweringKind { kDefault, kPaper };

// What messages take, for the choice between lowerings.
struct NetworkProfile {
  double round_trip_seconds = 60e-6;      // between P1 and P2
  double online_bits_per_second = 10e9;   // between P1 and P2, each way
  double offline_bits_per_second = 40e9;  // dealt by P0, sent to P2 and read again

  // An exchange, in which both send.
  double RoundSeconds() const { return round_trip_seconds / 2; }
};

// Windows that read a function of a positive number over many octaves.
struct WindowWidths {
  int levels;
  int index;  // bits of each window
  int gap;    // octaves from one window to the next
};

// Softmax (docs/lowering.md); "narrow" ones are of activations of at most `narrow_bits` bits.
struct SoftmaxPolicy {
  int narrow_bits = 4;
  int longest_row = 512;
  int steps_log2 = 8;        // steps of the exponent's index per octave
  int low_octaves_log2 = 4;  // octaves of the index's low digit
  int narrow_high_bits = 4, high_bits = 6;
  int long_row = 128;  // longer rows have the other temperature
  int temperature = 4, long_temperature = 3;
  int lowest_maximum = 8;
  int narrow_coarse_octaves = 32, coarse_octaves = 48;
  int coarse_fraction = 3, coarse_factor_bits = 5;
  int fine_fraction = 8, fine_factor_bits = 6;
  int result_fraction = 10, result_factor_bits = 10;
  WindowWidths narrow_coarse_windows{6, 8, 6}, coarse_windows{6, 10, 8};
  int narrow_fine_index = 9, fine_index = 10, fine_gap = 4;
};

struct LoweringPolicy {
  LoweringKind kind = LoweringKind::kDefault;
  NetworkProfile network;

  // Operands of products.
  int table_bits = 4;
  int extra_index_bits = 2;
  int fraction_bits = 4;
  int headroom_bits = 2;
  int function_width = 16;
  int real_bits = 12;

  // Row normalizations.
  int norm_width = 16;
  int norm_ring = 56;
  int rsqrt_ring = 20;
  int rsqrt_floor = 9;
  WindowWidths norm_windows{5, 10, 3}, output_norm_windows{5, 12, 5};
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
  double row_spread = 4;
  double operand_spread = 2;
  int scores_below_guess = 16;

  bool paper() const { return kind == LoweringKind::kPaper; }
  // Bits of a table's index above the activation's own range. The paper's index has none: a step
  // is one quantum.
  int table_headroom() const { return paper() || extra_index_bits == 0 ? 0 : 1; }
};

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_POLICY_H_

// SPDX-License-Identifier: Apache-2.0
// Every width the default lowering uses, decided from shapes and bit widths alone: nothing here may
// look at a weight, a scale or a calibrated range, because the widths are in every party's plan.
#ifndef MPCC_PASSES_LOWER_POLICY_H_
#define MPCC_PASSES_LOWER_POLICY_H_

#include <cstdint>

namespace mpcc {

enum class LoweringKind { kDefault, kPaper };

// What a round, an opened bit and a dealt bit cost, for the choice between lowerings.
struct NetworkProfile {
  double round_seconds = 30e-6;
  double online_bits_per_second = 10e9;
  double offline_bits_per_second = 40e9;
};

struct LoweringPolicy {
  LoweringKind kind = LoweringKind::kDefault;
  NetworkProfile network;
  // Activations of at most this many bits are requantized by tables (exact rounding and
  // saturation), wider ones by extraction and lift.
  int table_bits = 4;
  // Index bits of a requantization table beyond the activation's own: one of headroom, the rest of
  // resolution.
  int extra_index_bits = 2;
  // Where no table rounds: bits below the quantization step that the index keeps, so that rounding
  // to the step differs from the ideal one only this close to a boundary, and bits of headroom
  // above the quantizer's bounds, since nothing saturates.
  int fraction_bits = 4;
  int headroom_bits = 2;

  bool paper() const { return kind == LoweringKind::kPaper; }
  // Bits of a table's index above the activation's own range. The paper's index has none: a step
  // is one quantum.
  int table_headroom() const { return paper() || extra_index_bits == 0 ? 0 : 1; }
};

// The policy that a pass's options of the same names ask for.
LoweringPolicy PolicyFromOptions(bool paper, int table_bits, int extra_index_bits);

// Bits m with |q - zero point| <= 2^m, from the type alone: the zero point is private. Up to
// `table_bits` it must be 0, above it may be anything the type can store.
int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed);

// How a quantized activation of `bits` bits travels, given |q - zero point| <= 2^magnitude.
struct ActivationWidths {
  int magnitude = 0;  // |x| <= 2^magnitude on the wire, in quantization steps
  int index = 0;      // bits opened to round
  bool table = false;
};
ActivationWidths WidthsForActivation(const LoweringPolicy& policy, int bits, int magnitude);

// Index width of a table that applies a function before requantization to `bits` bits.
int FunctionIndexBits(const LoweringPolicy& policy, int bits);

// Ring of sum_k x_k w_k, |x| <= 2^x_magnitude, |w| <= 2^w_magnitude: 16, 32 or 64 bits, or 0 where
// 64 do not hold it.
unsigned AccumulatorRing(int x_magnitude, int w_magnitude, int64_t terms);

// Ring of a product of two computed values, of which the wider one has `bits` bits. A step of the
// right one is many units of the product, since it takes up the unit that is asked for: 32 bits
// have room for that up to 10 bits.
unsigned ComputedProductRing(const LoweringPolicy& policy, int bits);

// Whether a table into `wire` bits should rather give `narrow` bits and be lifted.
bool PreferNarrowTable(const LoweringPolicy& policy, int64_t elements, int index_bits, int narrow,
                       int wire);

// One exponential of the softmax: a dealt table in a ring, times a public factor.
struct ExponentWidths {
  int fraction;     // bits below the smallest value kept, the span of the low digit included
  int factor_bits;  // fraction bits of the public factor
  int octaves;      // from the reference index down to the smallest value kept
  unsigned ring;
};

// Windows that read a function of a positive number over many octaves.
struct WindowWidths {
  int levels;
  int index;  // bits of each window
  int gap;    // octaves from one window to the next
};

// The softmax of scores in rows of `row` elements (docs/lowering.md).
struct SoftmaxWidths {
  int steps_log2;   // steps of the exponent's index per octave
  int index;        // bits of that index; the upper half marks masked positions
  int low;          // low digit of the index, resolved by the public factor: kLowOctaves octaves
  int temperature;  // of the first, coarse sum
  ExponentWidths coarse, fine, result;
  WindowWidths coarse_windows, fine_windows;
};
inline constexpr int kLowOctaves = 16;
// The coarse sum still sees a row whose largest score lies so many octaves below zero.
inline constexpr int kLowestMaximum = 8;
// The fine sum of longer rows takes more than 64 bits.
inline constexpr int64_t kLongestSoftmaxRow = 512;
// REQUIRES: row <= kLongestSoftmaxRow.
SoftmaxWidths WidthsForSoftmax(int activation_bits, int64_t row);

inline constexpr WindowWidths kNormWindows{5, 10, 3};
inline constexpr WindowWidths kOutputNormWindows{5, 12, 5};

// Layer normalization: the row is opened in kNormWidth bits and lifted to kNormRing.
inline constexpr unsigned kNormWidth = 16;
inline constexpr unsigned kNormRing = 56;
inline constexpr unsigned kRsqrtRing = 20;
// Smallest 1/sqrt in fixed point: 2^kRsqrtFloor, for 2^-8 relative error.
inline constexpr int kRsqrtFloor = 9;

// Plaintext input of P1 in fixed point, and the ring in which private scales are applied to it.
inline constexpr int kInputFraction = 14;
inline constexpr unsigned kInputRing = 48;

// Precision of activations that the model leaves unquantized (pooler, classifier head).
inline constexpr int kRealBits = 12;
// Pooling weights (mask / count) in fixed point, and the width in which rows are opened whose mean
// is asked for in one unit.
inline constexpr int kPoolFraction = 15;
inline constexpr unsigned kExactPoolWidth = 26;
// Between the table of a function and the one that requantizes it, before the two are fused.
inline constexpr unsigned kFunctionWidth = 16;
// Results: logits are revealed from the full ring of their accumulator.
inline constexpr int kLogitFraction = 24;
inline constexpr int kOutputFraction = 14;  // of a unit vector
// Ring of accumulators whose operands the model leaves in float.
inline constexpr unsigned kRealRing = 32;

// Calibrated ranges are widened by this factor before they are fitted into a ring.
inline constexpr double kRangeMargin = 1.25;
// The index of a function's table reaches beyond that: to twice a range that was given.
inline constexpr double kFunctionHeadroom = 1.6;
// The same for ranges that were measured on random inputs.
inline constexpr double kGuessMargin = 1.5;
// So many times wider than a guess with its margin a place may be made, for a bound that no input
// exceeds: two of 14 bits of a row, one of 12 of an operand that no quantizer reads. Indices of
// functions have no bit to spare.
inline constexpr double kRowSpread = 4, kOperandSpread = 2;
// Octaves that this wide a margin leaves for rows of scores whose largest is far below zero.
inline constexpr int kScoresBelowGuess = 16;

int CeilLog2(int64_t n);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_POLICY_H_

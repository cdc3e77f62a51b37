// SPDX-License-Identifier: Apache-2.0
// What follows from a policy for given bit widths and shapes.
#ifndef MPCC_PASSES_POLICY_WIDTHS_H_
#define MPCC_PASSES_POLICY_WIDTHS_H_

#include <cstdint>

#include "passes/policy/policy.h"

namespace mpcc {

int CeilLog2(int64_t n);

// Bits m with |q - zero point| <= 2^m, from the type alone: the zero point is private. Up to
// `table_bits` it must be 0, above it may be anything the type can store.
int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed);

// How a quantized activation of `bits` bits travels, given |q - zero point| <= 2^magnitude.
struct ActivationWidths {
  int magnitude = 0;  // |x| <= 2^magnitude on the wire, in quantization steps
  int index = 0;      // bits opened to round
  bool table = false;
  int fraction = 0;  // bits of the index below a quantization step; negative for coarser ones
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

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_WIDTHS_H_

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

// Index width of a value before a quantizer of `bits` bits: its own bits and those in which it
// saturates.
int ValueIndexBits(const LoweringPolicy& policy, int bits);

// Index width of a table that applies a function before requantization to `bits` bits.
int FunctionIndexBits(const LoweringPolicy& policy, int bits);

// A sum of products: of terms |x| <= 2^x_magnitude by |w| <= 2^w_magnitude, of which the top
// `width` bits are read; as steps of an index, to which what is rounded below must not add up, or
// not.
struct SumOfProducts {
  int x_magnitude = 0, w_magnitude = 0;
  int64_t terms = 1;
  int width = 0;
  bool index = false;
};

// Ring of a sum of products by constants, 0 where 64 bits do not hold it. Constants are rounded to
// multiples of the ring's unit, which adds about |x| sqrt(terms) / 16 units to a sum. An index has
// `fold_bits` or `narrow_fold_bits` below it beyond that; other sums are no wider than all their
// products.
int LinearRing(const LoweringPolicy& policy, const SumOfProducts& sum);

// Ring of a product of two computed values of `bits` bits, the wider one's. A step of the right one
// is many units of the product, since it takes up the unit that is asked for.
int ComputedProductRing(const LoweringPolicy& policy, int bits, const SumOfProducts& sum);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_WIDTHS_H_

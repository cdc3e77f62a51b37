// SPDX-License-Identifier: Apache-2.0
// What follows from a policy for given bit widths and shapes.
#ifndef MPCC_PASSES_POLICY_WIDTHS_H_
#define MPCC_PASSES_POLICY_WIDTHS_H_

#include <cstdint>

#include "passes/policy/policy.h"

namespace mpcc {

int CeilLog2(int64_t n);

// Fraction bits of steps that are no larger than one of the last of so many decimal digits.
int FractionOfDigits(int digits);

// Bits m with |q - zero point| <= 2^m, from the type alone: the zero point is private. Up to
// `table_bits` it must be 0, above it may be anything the type can store.
int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed);

// Index width of a value before a quantizer of `bits` bits: its own bits and those in which it
// saturates.
int ValueIndexBits(const LoweringPolicy& policy, int bits);

// The same of a normalized row, whose elements reach sqrt(n) deviations where few bits clip at two
// or three.
int NormIndexBits(const LoweringPolicy& policy, int bits);

// The same of a row's variance, and of a row without its mean over the root of its rounded
// variance: as many as the first digit of a saturation has. What rows reach is held against that
// (demands.h).
int VarianceIndexBits(int bits);
int StandardizedIndexBits(int bits);

// Bits of an accumulator below an index of `width` bits, beyond those that rounded constants add up
// to.
int FoldBits(const LoweringPolicy& policy, int width);

// Bits that are read of a function by lines before a quantizer of `bits` bits. What a model lets
// its quantizer clip is more, behind a function that grows.
int LinesIndexBits(const LoweringPolicy& policy, int bits);
// The ring in which such a function is, of an operand with `fraction` bits after the point: the
// index, and below it the operand's bits, those of a slope, and some for the private factor.
int LinesRing(const LoweringPolicy& policy, int bits, int fraction);
// Bits of a slope after the point.
int SlopeBits(int bits);
// Of a sum that such a function reads, bits below.
inline constexpr int kLinesFold = 2;

// Index width of a table that applies a function before requantization to `bits` bits.
int FunctionIndexBits(const LoweringPolicy& policy, int bits);

// A sum of products: of terms |x| <= 2^x_magnitude by |w| <= 2^w_magnitude, of which the top
// `width` bits are read. Of what is rounded below the sum to less than 2^-`fold` of a step that is
// read, if that is given; other sums are no wider than all their products.
struct SumOfProducts {
  int x_magnitude = 0, w_magnitude = 0;
  int64_t terms = 1;
  int width = 0;
  int fold = 0;
};

// Ring of a sum of products by constants, 0 where 64 bits do not hold it. Constants are rounded to
// multiples of the ring's unit, which adds about |x| sqrt(terms) / 16 units to a sum.
int LinearRing(const LoweringPolicy& policy, const SumOfProducts& sum);

// Ring of a product of two computed values of `bits` bits, the wider one's. A step of the right one
// is many units of the product, since it takes up the unit that is asked for.
int ComputedProductRing(const LoweringPolicy& policy, int bits, const SumOfProducts& sum);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_WIDTHS_H_

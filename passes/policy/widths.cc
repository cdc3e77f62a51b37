// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/widths.h"

#include <algorithm>
#include <cmath>

namespace mpcc {

int CeilLog2(int64_t n) {
  int bits = 0;
  while ((int64_t{1} << bits) < n) ++bits;
  return bits;
}

int FractionOfDigits(int digits) { return static_cast<int>(std::ceil(digits * std::log2(10.0))); }

int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed) {
  return bits <= policy.table_bits && is_signed ? bits - 1 : bits;
}

int ValueIndexBits(const LoweringPolicy& policy, int bits) {
  return policy.paper() ? 4 : bits + policy.headroom_bits;
}

int NormIndexBits(const LoweringPolicy& policy, int bits) {
  return ValueIndexBits(policy, bits) + 1;
}

namespace {

// What saturates is read by a first digit that has the result's top bit.
int IndexOfDigit(int bits, int first_digit) { return bits - 1 + first_digit; }

}  // namespace

int VarianceIndexBits(int bits) {
  constexpr int kOfOneNumberARow = 12;  // the widest that is read
  return IndexOfDigit(bits, kOfOneNumberARow);
}

int StandardizedIndexBits(int bits) {
  constexpr int kOfEachElement = 7;
  return IndexOfDigit(bits, kOfEachElement);
}

int FoldBits(const LoweringPolicy& policy, int width) {
  const bool narrow = width <= policy.table_bits + policy.headroom_bits;
  return narrow ? policy.narrow_fold_bits : policy.fold_bits;
}

int SlopeBits(int bits) { return std::max(4, bits - 2); }

int LinesIndexBits(const LoweringPolicy& policy, int bits) {
  return ValueIndexBits(policy, bits) + 1;
}

int LinesRing(const LoweringPolicy& policy, int bits, int fraction) {
  constexpr int kFactor = 3;  // it is some times 2^kFactor
  return LinesIndexBits(policy, bits) + fraction + SlopeBits(bits) + kFactor;
}

int FunctionIndexBits(const LoweringPolicy& policy, int bits) {
  if (policy.paper()) return 4;
  return bits <= policy.table_bits ? bits + policy.extra_index_bits + 1 : bits + 2;
}

namespace {

constexpr int kLargestRing = 64;

// The lanes of kernels, which is what the source design computes in.
int WholeLane(int bits) { return bits <= 16 ? 16 : bits <= 32 ? 32 : bits <= 64 ? 64 : 0; }

}  // namespace

int LinearRing(const LoweringPolicy& policy, const SumOfProducts& sum) {
  const int products = sum.x_magnitude + sum.w_magnitude + CeilLog2(sum.terms) + 1;
  if (policy.paper()) return WholeLane(std::max(products, sum.width));
  const int rounded = std::max(0, sum.x_magnitude - 4 + (CeilLog2(sum.terms) + 1) / 2);
  const int ring = sum.fold > 0 ? sum.width + rounded + sum.fold
                                : std::max(sum.width, std::min(products, sum.width + rounded));
  return ring <= kLargestRing ? ring : 0;
}

int ComputedProductRing(const LoweringPolicy& policy, int bits, const SumOfProducts& sum) {
  if (policy.paper()) return 16;
  // Of products read in steps of a quantizer, which are about as large as a step of both. The right
  // one's unit takes two bits more than rounded weights do.
  const int fold = bits <= policy.table_bits ? policy.narrow_fold_bits + 2 : policy.fold_bits;
  const int ring = sum.width + 2 * bits - 4 + (sum.fold > 0 ? fold : 4);
  return ring <= kLargestRing ? ring : 0;
}

}  // namespace mpcc

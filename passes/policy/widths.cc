// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/widths.h"

namespace mpcc {

int CeilLog2(int64_t n) {
  int bits = 0;
  while ((int64_t{1} << bits) < n) ++bits;
  return bits;
}

int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed) {
  return bits <= policy.table_bits && is_signed ? bits - 1 : bits;
}

ActivationWidths WidthsForActivation(const LoweringPolicy& policy, int bits, int magnitude) {
  auto table = [&](int index) {
    return ActivationWidths{magnitude, index, true,
                            index - 1 - magnitude - policy.table_headroom()};
  };
  if (policy.paper()) return table(4);
  if (bits <= policy.table_bits) return table(bits + policy.extra_index_bits);
  // One bit of sign and one that lift needs.
  const int wire = magnitude + policy.headroom_bits;
  return {wire, wire + 2 + policy.fraction_bits, false, policy.fraction_bits};
}

int FunctionIndexBits(const LoweringPolicy& policy, int bits) {
  if (policy.paper()) return 4;
  return bits <= policy.table_bits ? bits + policy.extra_index_bits + 1 : bits + 2;
}

unsigned AccumulatorRing(int x_magnitude, int w_magnitude, int64_t terms) {
  const int bits = x_magnitude + w_magnitude + CeilLog2(terms) + 1;
  return bits <= 16 ? 16 : bits <= 32 ? 32 : bits <= 64 ? 64 : 0;
}

unsigned ComputedProductRing(const LoweringPolicy& policy, int bits) {
  if (policy.paper() || bits <= policy.table_bits) return 16;
  return bits <= 10 ? 32 : 64;
}

}  // namespace mpcc

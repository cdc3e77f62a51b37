// SPDX-License-Identifier: Apache-2.0
// Polynomials of opened bits: the public half of docs/protocol.md, "Bits".
#ifndef MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_
#define MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_

#include <bit>
#include <cstdint>
#include <span>

#include "runtime/base/bit_vector.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// Of bits d_0, d_1, ..: the product over `signs` of (1 - 2 d_j), times the sum over the terms of
// coefficient and product of d_j. Sets of bits are the bits of a number.
struct BitFactor {
  struct Term {
    uint64_t bits;
    uint64_t coefficient;
  };
  uint64_t signs;
  std::span<const Term> terms;
};

// Calls fn(j) for each j of a set.
template <typename Fn>
void ForBits(uint64_t set, Fn fn) {
  for (; set; set &= set - 1) fn(std::countr_zero(set));
}

// Bits d_j of elements: element i's is bits[j * stride + i].
struct BitPlanes {
  ConstBitVector bits;
  uint64_t stride;

  // Bit j of elements [first, first + count).
  ConstBitVector Plane(int j, uint64_t first, uint64_t count) const {
    return bits.Slice(j * stride + first, count);
  }
  // Those of elements [first, stride).
  BitPlanes From(uint64_t first) const { return {bits.Slice(first, bits.size() - first), stride}; }
};

// out[i] += factor(d_j) * share[i], an empty share being 1.
void AddBitProduct(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
                   RingVector out);
// The same modulo 2.
void AddBitProduct(const BitPlanes& planes, const BitFactor& factor, ConstBitVector share,
                   BitVector out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_

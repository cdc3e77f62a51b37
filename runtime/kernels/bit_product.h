// SPDX-License-Identifier: Apache-2.0
// Polynomials of opened bits: the public half of docs/protocol.md, "Bits".
#ifndef MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_
#define MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_

#include <cstdint>
#include <vector>

#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// Of bits d_0, d_1, ..: the product over `signs` of (1 - 2 d_j), times the sum over the terms of
// coefficient and product of d_j.
struct BitFactor {
  struct Term {
    std::vector<int> bits;
    uint64_t coefficient;
  };
  std::vector<int> signs;
  std::vector<Term> terms;
};

// out[i] += factor(d_j = planes[j, i]) * share[i], an empty share being 1. `planes` has bits, as
// many for each j as out has elements.
void AddBitProduct(ConstRingVector planes, const BitFactor& factor, ConstRingVector share,
                   RingVector out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_BIT_PRODUCT_H_

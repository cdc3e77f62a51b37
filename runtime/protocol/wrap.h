// SPDX-License-Identifier: Apache-2.0
// wrap and join: from Z_2^k to a wider ring without a table, for values 0 <= x < 2^(k-1). As
// integers x = m - L1 - L2 + 2^k*z with z = carry(L1 + L2) + msb(L)*(1 - msb(m)), and m is public:
// z is linear in two dealt bits. docs/protocol.md, "Widening".
#ifndef MPCC_RUNTIME_PROTOCOL_WRAP_H_
#define MPCC_RUNTIME_PROTOCOL_WRAP_H_

#include <cstdint>

#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

// m over Z_2^k; result z over Z_2^r, additive.
struct WrapShape {
  uint64_t elements;
  int k, r;
};
void EvaluateWrap(EvalContext& context, const WrapShape& shape, const uint8_t* m,
                  const Dealt& carry, const Dealt& msb, uint8_t* out);
void DealWrap(DealContext& context, const WrapShape& shape, const MaskPair& mask,
              uint32_t carry_stream, uint32_t msb_stream, uint8_t* carry_correction,
              uint8_t* msb_correction);

// out = low + 2^k * high over Z_2^(k+r), for any one component of the wires, at any party.
void JoinComponent(const uint8_t* low, int k, const uint8_t* high, int r, uint64_t n, Arena& arena,
                   uint8_t* out);

// A party's half of the rounding to the top bits: a / 2^(l - k) mod 2^k, rounded up at P1 and down
// at P2; a copy when k == l. x = multiple of 2^(l - k) is exact, other x round to a neighbour,
// right in the mean.
void EvaluateExtract(PartyId self, const uint8_t* a, int l, int k, uint64_t n, uint8_t* out);

// out = a mod 2^k, k <= l: one component of any wire.
void ResizeComponent(const uint8_t* a, int l, int k, uint64_t n, uint8_t* out);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_WRAP_H_

// SPDX-License-Identifier: Apache-2.0
// wrap and join: from Z_2^k to a wider ring without a table, for values 0 <= x < 2^(k-1). As
// integers x = m - L1 - L2 + 2^k*z with z = carry(L1 + L2) + msb(L)*(1 - msb(m)), and m is public:
// z is linear in two dealt bits. docs/protocol.md, "Widening".
#ifndef MPCC_RUNTIME_PROTOCOL_WRAP_H_
#define MPCC_RUNTIME_PROTOCOL_WRAP_H_

#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// m over Z_2^k; out = z over Z_2^r, additive.
void EvaluateWrap(EvalContext& context, ConstRingVector m, const Dealt& carry, const Dealt& msb,
                  RingVector out);
void DealWrap(DealContext& context, const MaskPair& mask, int r, const DealTarget& carry,
              const DealTarget& msb);

// out = low + 2^k * high over Z_2^(k+r), for any one component of the wires, at any party. k and r
// are the widths of low and high.
void JoinComponent(ConstRingVector low, ConstRingVector high, Arena& arena, RingVector out);

// A party's half of the rounding to the top bits: a / 2^(l - k) mod 2^k, rounded up at P1 and down
// at P2; a copy when k == l. x = multiple of 2^(l - k) is exact, other x round to a neighbour,
// right in the mean. l and k are the widths of a and out.
void EvaluateExtract(PartyId self, ConstRingVector a, RingVector out);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_WRAP_H_

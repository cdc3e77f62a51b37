// SPDX-License-Identifier: Apache-2.0
// Private tables: P0 deals every element its own table, rotated by the mask; P1 and P2 read it at
// the opened index. (Ishai et al., "On the Power of Correlated Randomness in Secure Computation",
// TCC 2013; docs/protocol.md, "Tables".)
#ifndef MPCC_RUNTIME_PROTOCOL_LOOKUP_H_
#define MPCC_RUNTIME_PROTOCOL_LOOKUP_H_

#include "runtime/kernels/table.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// lut: an index is a window of x. Entries have the width of the result.
void EvaluateLut(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                 const Dealt& dealt, RingVector out);
// tables[rows, 2^k]: element e reads row e mod rows.
void DealLut(DealContext& context, const kernels::IndexWindow& window, ConstRingVector tables,
             const MaskPair& mask, const DealTarget& target);

// lut_pair: entry floor(m / 2^shift) of each element, then the one below it, in the order of `out`:
// all elements of the one, then of the other. What is dealt is that of a lut.
void EvaluateLutPair(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                     const Dealt& dealt, RingVector out);
// The same of tables of bits, as they lie packed. REQUIRES: ReadsWholeTables(window).
bool ReadsWholeTables(const kernels::IndexWindow& window);
void EvaluateLutPair(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                     const Dealt& dealt, BitVector out);

// lut2: index a * 2^k2 + b, k1 and k2 the widths of a and b, each of at most 16 bits. a and b have
// equally many elements (broadcast b first).
void EvaluateLut2(EvalContext& context, ConstRingVector ma, ConstRingVector mb, const Dealt& dealt,
                  RingVector out);
void DealLut2(DealContext& context, ConstRingVector table, const MaskPair& a, const MaskPair& b,
              const DealTarget& target);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_LOOKUP_H_

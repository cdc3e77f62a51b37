// SPDX-License-Identifier: Apache-2.0
// Private tables: P0 deals every element its own table, rotated by the mask; P1 and P2 read it at
// the opened index. (Ishai et al., "On the Power of Correlated Randomness in Secure Computation",
// TCC 2013; docs/protocol.md, "Tables".)
#ifndef MPCC_RUNTIME_PROTOCOL_LOOKUP_H_
#define MPCC_RUNTIME_PROTOCOL_LOOKUP_H_

#include <cstdint>

#include "runtime/base/secure_buffer.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

// lut: index (x >> shift) mod 2^k of an x over Z_2^in_width; entries over Z_2^out_width.
struct LutShape {
  uint64_t elements;
  int in_width, k, shift, out_width;
};
void EvaluateLut(EvalContext& context, const LutShape& shape, const uint8_t* m, const Dealt& dealt,
                 uint8_t* out);
// tables[rows, 2^k]: element e reads row e mod rows.
void DealLut(DealContext& context, const LutShape& shape, const uint8_t* tables, int64_t rows,
             const MaskPair& mask, uint32_t stream, uint8_t* correction);

// lut2: index a * 2^k2 + b, each of at most 16 bits. a and b have `elements` elements each
// (broadcast b first).
struct Lut2Shape {
  uint64_t elements;
  int k1, k2, out_width;
};
void EvaluateLut2(EvalContext& context, const Lut2Shape& shape, const uint8_t* ma,
                  const uint8_t* mb, const Dealt& dealt, uint8_t* out);
void DealLut2(DealContext& context, const Lut2Shape& shape, const uint8_t* table, const MaskPair& a,
              const MaskPair& b, uint32_t stream, uint8_t* correction);

// exp: F of the high part of the masked index, dealt, times the public G of its j low bits.
struct ExpShape {
  uint64_t elements;
  int k, j, out_width;
};
void EvaluateExp(EvalContext& context, const ExpShape& shape, const uint8_t* m, const uint8_t* g,
                 const Dealt& dealt, uint8_t* out);
void DealExp(DealContext& context, const ExpShape& shape, const uint8_t* f, const MaskPair& mask,
             uint32_t stream, uint8_t* correction);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_LOOKUP_H_

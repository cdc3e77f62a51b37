// SPDX-License-Identifier: Apache-2.0
// Componentwise arithmetic mod 2^l on vectors. lane.h says what every kernel asks for.
#ifndef MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_
#define MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_

#include <cstdint>

#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// How the second operand b of a binary kernel covers the first, a matrix a[rows, cols].
enum class Broadcast : uint8_t {
  kSame,    // b[rows, cols]
  kScalar,  // b[1]
  kRow,     // b[cols], repeated in every row
  kColumn,  // b[rows], repeated along every row
};

// out[r, c] = a[r, c] op b[...]; out has the size of a. out may be a, and may be b when b is kSame.
void Add(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out);
void Sub(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out);
void Mul(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out);

// The same with a b of the size of a.
inline void Add(ConstRingVector a, ConstRingVector b, RingVector out) {
  Add(a, b, Broadcast::kSame, out);
}
inline void Sub(ConstRingVector a, ConstRingVector b, RingVector out) {
  Sub(a, b, Broadcast::kSame, out);
}
inline void Mul(ConstRingVector a, ConstRingVector b, RingVector out) {
  Mul(a, b, Broadcast::kSame, out);
}

// With a public scalar s, which counts mod 2^l.
void Neg(ConstRingVector a, RingVector out);
void AddScalar(ConstRingVector a, uint64_t s, RingVector out);
void MulScalar(ConstRingVector a, uint64_t s, RingVector out);
// out = a*s + acc; with s = 2^k this joins a low part acc and a high part a.
void MulScalarAdd(ConstRingVector a, uint64_t s, ConstRingVector acc, RingVector out);

// out[r] = sum over c of a[r, c], and of a[r, c] * b[r, c], for as many rows as out has elements.
// out overlaps no input.
void RowSum(ConstRingVector a, RingVector out);
void RowDot(ConstRingVector a, ConstRingVector b, RingVector out);

// out = a mod 2^k, k the width of out: narrows, or extends by zeros. In place only when the lanes
// are the same.
void Convert(ConstRingVector a, RingVector out);

// out = (a + c) >> (l - k) mod 2^k, l the width of a, k that of out, k <= l: a party's half of
// `extract` with c = 2^(l-k) - 1 at the party that rounds up, 0 at the other.
enum class Rounding : uint8_t { kDown, kUp };
void Extract(ConstRingVector a, Rounding rounding, RingVector out);

// out += (1 - bit k-1 of m) * d mod 2^r, m over Z_2^k, d and out over Z_2^r: a party's half of
// `wrap`. m is public, and is not branched on either.
void AddUnlessMsb(ConstRingVector m, ConstRingVector d, RingVector out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_

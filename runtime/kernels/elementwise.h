// SPDX-License-Identifier: Apache-2.0
// Componentwise arithmetic mod 2^l on row-major matrices. lane.h says what every kernel asks for.
#ifndef MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_
#define MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_

#include <cstdint>

#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// How the second operand b of a binary kernel covers the first, a[rows, cols].
enum class Broadcast : uint8_t {
  kSame,    // b[rows, cols]
  kScalar,  // b[1]
  kRow,     // b[cols], repeated in every row
  kColumn,  // b[rows], repeated along every row
};

struct Shape {
  int64_t rows = 1;
  int64_t cols = 0;
  Broadcast b = Broadcast::kSame;
};

// out[r, c] = a[r, c] op b[...] mod 2^l. out may be a, and may be b when b is kSame.
template <LaneType T>
void Add(const T* a, const T* b, const Shape& shape, int l, T* out);
template <LaneType T>
void Sub(const T* a, const T* b, const Shape& shape, int l, T* out);
template <LaneType T>
void Mul(const T* a, const T* b, const Shape& shape, int l, T* out);

// out[r, c] = acc[r, c] + a[r, c] * b[...] mod 2^l; only b is broadcast. out may be acc or a.
template <LaneType T>
void MulAdd(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out);

// Flat vectors with a public scalar s < 2^l.
template <LaneType T>
void Neg(const T* a, int64_t n, int l, T* out);
template <LaneType T>
void AddScalar(const T* a, T s, int64_t n, int l, T* out);
template <LaneType T>
void MulScalar(const T* a, T s, int64_t n, int l, T* out);
// out = a*s + acc; with s = 2^k this joins a low part acc and a high part a.
template <LaneType T>
void MulScalarAdd(const T* a, T s, const T* acc, int64_t n, int l, T* out);
// out = s - a.
template <LaneType T>
void ScalarSub(T s, const T* a, int64_t n, int l, T* out);

// out[r] = sum over c of a[r, c], and of a[r, c] * b[r, c]. out overlaps no input.
template <LaneType T>
void RowSum(const T* a, int64_t rows, int64_t cols, int l, T* out);
template <LaneType T>
void RowDot(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out);

// out = a >> s, 0 <= s < 8*sizeof(T).
template <LaneType T>
void ShiftRight(const T* a, int s, int64_t n, T* out);

// out = a mod 2^k in lanes of To: narrows (k below the width of a) or zero extends (k at least the
// width of a). k <= 8*sizeof(To). In place only when From is To.
template <LaneType From, LaneType To>
void Convert(const From* a, int64_t n, int k, To* out);

// out = (a + c) >> s mod 2^k in lanes of To, a + c modulo the lane of From: a party's half of
// `extract` with s = l - k and c = 2^s - 1 at one party (it rounds up), 0 at the other. Right for
// every l = s + k, since a carry out of l bits is cut off with k.
template <LaneType From, LaneType To>
void Extract(const From* a, int s, From c, int64_t n, int k, To* out);

// out = c + (1 - bit k-1 of m) * d mod 2^r, m over Z_2^k in lanes M, c, d, out over Z_2^r: a
// party's half of `wrap`. Pass c == nullptr for c = 0. m is public, and is not branched on either.
template <LaneType M, LaneType T>
void AddUnlessMsb(const M* m, int k, const T* c, const T* d, int64_t n, int r, T* out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_ELEMENTWISE_H_

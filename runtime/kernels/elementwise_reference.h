// SPDX-License-Identifier: Apache-2.0
// What elementwise.h must compute, one element at a time in 64 bits. For tests.
#ifndef MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_

#include <cstdint>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"

namespace mpcc::kernels::reference {

// Index into b of element (r, c) of the result.
inline int64_t BroadcastIndex(const Shape& shape, int64_t r, int64_t c) {
  switch (shape.b) {
    case Broadcast::kScalar:
      return 0;
    case Broadcast::kRow:
      return c;
    case Broadcast::kColumn:
      return r;
    default:
      return r * shape.cols + c;
  }
}

// out = fn(a, b, acc) mod 2^l; acc may be null and is then 0.
template <LaneType T, typename Fn>
void Binary(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out, Fn fn) {
  for (int64_t r = 0; r < shape.rows; ++r) {
    for (int64_t c = 0; c < shape.cols; ++c) {
      const int64_t i = r * shape.cols + c;
      const uint64_t bv = b[BroadcastIndex(shape, r, c)];
      out[i] = static_cast<T>(Reduce(fn(uint64_t{a[i]}, bv, acc ? uint64_t{acc[i]} : 0), l));
    }
  }
}

// out[i] = fn(a[i]) mod 2^l.
template <LaneType From, LaneType To, typename Fn>
void Unary(const From* a, int64_t n, int l, To* out, Fn fn) {
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<To>(Reduce(fn(uint64_t{a[i]}), l));
}

template <LaneType T>
void RowDot(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out) {
  for (int64_t r = 0; r < rows; ++r) {
    uint64_t sum = 0;
    for (int64_t c = 0; c < cols; ++c) sum += uint64_t{a[r * cols + c]} * b[r * cols + c];
    out[r] = static_cast<T>(Reduce(sum, l));
  }
}

template <LaneType M, LaneType T>
void AddUnlessMsb(const M* m, int k, const T* c, const T* d, int64_t n, int r, T* out) {
  for (int64_t i = 0; i < n; ++i) {
    const uint64_t clear = 1 - (uint64_t{m[i]} >> (k - 1) & 1);
    out[i] = static_cast<T>(Reduce((c ? c[i] : 0) + clear * d[i], r));
  }
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_

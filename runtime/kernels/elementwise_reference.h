// SPDX-License-Identifier: Apache-2.0
// What elementwise.h must compute, one element at a time in 64 bits. For tests.
#ifndef MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_

#include <cstdint>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"

namespace mpcc::kernels::reference {

// Index into b of element i of the result, rows of `cols` elements.
inline uint64_t BroadcastIndex(Broadcast how, uint64_t cols, uint64_t i) {
  switch (how) {
    case Broadcast::kScalar:
      return 0;
    case Broadcast::kRow:
      return i % cols;
    case Broadcast::kColumn:
      return i / cols;
    default:
      return i;
  }
}

// fn(a, b) mod 2^l.
template <LaneType T, typename Fn>
std::vector<T> Binary(const std::vector<T>& a, const std::vector<T>& b, Broadcast how,
                      uint64_t cols, Fn fn) {
  std::vector<T> out(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    out[i] = static_cast<T>(fn(uint64_t{a[i]}, uint64_t{b[BroadcastIndex(how, cols, i)]}));
  return out;
}

// fn(a[i]) mod 2^l.
template <LaneType To, LaneType From, typename Fn>
std::vector<To> Unary(const std::vector<From>& a, int l, Fn fn) {
  std::vector<To> out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = static_cast<To>(Reduce(fn(uint64_t{a[i]}), l));
  return out;
}

template <LaneType T>
std::vector<T> RowDot(const std::vector<T>& a, const std::vector<T>& b, size_t rows, int l) {
  std::vector<T> out(rows);
  const size_t cols = a.size() / rows;
  for (size_t r = 0; r < rows; ++r) {
    uint64_t sum = 0;
    for (size_t c = r * cols; c < (r + 1) * cols; ++c) sum += uint64_t{a[c]} * b[c];
    out[r] = static_cast<T>(Reduce(sum, l));
  }
  return out;
}

// out + (1 - bit k-1 of m) * d mod 2^r.
template <LaneType M, LaneType T>
std::vector<T> AddUnlessMsb(const std::vector<M>& m, int k, const std::vector<T>& d,
                            std::vector<T> out, int r) {
  for (size_t i = 0; i < m.size(); ++i) {
    const uint64_t clear = 1 - (uint64_t{m[i]} >> (k - 1) & 1);
    out[i] = static_cast<T>(Reduce(out[i] + clear * d[i], r));
  }
  return out;
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_ELEMENTWISE_REFERENCE_H_

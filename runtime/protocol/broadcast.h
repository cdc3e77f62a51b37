// SPDX-License-Identifier: Apache-2.0
// Elementwise operations whose second operand broadcasts by numpy's rules.
#ifndef MPCC_RUNTIME_PROTOCOL_BROADCAST_H_
#define MPCC_RUNTIME_PROTOCOL_BROADCAST_H_

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/layout.h"
#include "runtime/protocol/arena.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

using Extents = std::span<const uint32_t>;

// How b covers a as the kernels know it, or nothing when it needs a full copy (as [2, 1, 3] over
// [2, 4, 3]). REQUIRES: b broadcasts to a.
std::optional<kernels::Shape> KernelBroadcast(Extents a, Extents b);

// out[a] = in broadcast from b to a; lanes of T.
template <typename T>
void BroadcastTo(const T* in, Extents b, Extents a, T* out) {
  int64_t shape[kernels::kMaxRank], from[kernels::kMaxRank], to[kernels::kMaxRank];
  const size_t rank = a.size(), skip = rank - b.size();
  int64_t in_stride = 1, out_stride = 1;
  for (size_t i = rank; i-- > 0;) {
    const int64_t extent = i >= skip ? b[i - skip] : 1;
    shape[i] = a[i];
    from[i] = extent == 1 ? 0 : in_stride;
    to[i] = out_stride;
    in_stride *= extent;
    out_stride *= a[i];
  }
  kernels::CopyStrided(in, std::span<const int64_t>(shape, rank),
                       std::span<const int64_t>(from, rank), out,
                       std::span<const int64_t>(to, rank));
}

// out = kernel(a, b) with b broadcast to the shape of a. `kernel` has the signature of
// kernels::Add<T>.
template <typename T, typename Kernel>
void Broadcasted(Kernel kernel, const T* a, Extents a_shape, const T* b, Extents b_shape, int l,
                 Arena& arena, T* out) {
  if (const auto shape = KernelBroadcast(a_shape, b_shape)) return kernel(a, b, *shape, l, out);
  const int64_t n = static_cast<int64_t>(ElementCount(a_shape));
  T* copy = arena.Take<T>(n);
  BroadcastTo(b, b_shape, a_shape, copy);
  kernel(a, copy, kernels::Shape{1, n}, l, out);
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_BROADCAST_H_

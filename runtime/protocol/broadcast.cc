// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/broadcast.h"

namespace mpcc {

std::optional<kernels::Shape> KernelBroadcast(Extents a, Extents b) {
  const size_t rank = a.size(), skip = rank - b.size();
  const auto extent = [&](size_t i) -> uint32_t { return i < skip ? 1 : b[i - skip]; };
  const int64_t total = static_cast<int64_t>(ElementCount(a));
  size_t first = 0, last = rank;  // b varies over dimensions [first, last) only
  while (first < rank && extent(first) == 1) ++first;
  while (last > first && extent(last - 1) == 1) --last;
  if (first == last)
    return kernels::Shape{1, total,
                          total == 1 ? kernels::Broadcast::kSame : kernels::Broadcast::kScalar};
  int64_t before = 1, after = 1;
  for (size_t i = 0; i < first; ++i) before *= a[i];
  for (size_t i = last; i < rank; ++i) after *= a[i];
  for (size_t i = first; i < last; ++i)
    if (extent(i) != a[i]) return std::nullopt;
  if (before == 1 && after == 1) return kernels::Shape{1, total, kernels::Broadcast::kSame};
  if (after == 1) return kernels::Shape{before, total / before, kernels::Broadcast::kRow};
  if (before == 1) return kernels::Shape{total / after, after, kernels::Broadcast::kColumn};
  return std::nullopt;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/broadcast.h"

#include "runtime/kernels/layout.h"

namespace mpcc::protocol {

using kernels::Broadcast;

std::optional<Broadcast> KernelBroadcast(ShapeView a, ShapeView b) {
  const size_t rank = a.size(), skip = rank - b.size();
  const auto extent = [&](size_t i) -> uint32_t { return i < skip ? 1 : b[i - skip]; };
  size_t first = 0, last = rank;  // b varies over dimensions [first, last) only
  while (first < rank && extent(first) == 1) ++first;
  while (last > first && extent(last - 1) == 1) --last;
  if (first == last) return ElementCount(a) == 1 ? Broadcast::kSame : Broadcast::kScalar;
  for (size_t i = first; i < last; ++i)
    if (extent(i) != a[i]) return std::nullopt;
  const bool before = ElementCount(a.first(first)) != 1, after = ElementCount(a.subspan(last)) != 1;
  if (before && after) return std::nullopt;
  return before ? Broadcast::kRow : after ? Broadcast::kColumn : Broadcast::kSame;
}

void BroadcastTo(const RingTensor& in, ShapeView shape, RingVector out) {
  int64_t wide[kernels::kMaxRank], from[kernels::kMaxRank], to[kernels::kMaxRank];
  const size_t rank = shape.size(), skip = rank - in.shape.size();
  int64_t in_stride = 1, out_stride = 1;
  for (size_t i = rank; i-- > 0;) {
    const int64_t extent = i >= skip ? in.shape[i - skip] : 1;
    wide[i] = shape[i];
    from[i] = extent == 1 ? 0 : in_stride;
    to[i] = out_stride;
    in_stride *= extent;
    out_stride *= shape[i];
  }
  kernels::CopyStrided(in.values, {wide, rank}, {from, rank}, out, {to, rank});
}

void Broadcasted(BinaryKernel kernel, const RingTensor& a, const RingTensor& b, Arena& arena,
                 RingVector out) {
  if (const auto how = KernelBroadcast(a.shape, b.shape)) {
    kernel(a.values, b.values, *how, out);
    return;
  }
  const RingVector copy = arena.TakeVector(a.values.size(), b.values.width());
  BroadcastTo(b, a.shape, copy);
  kernel(a.values, copy, Broadcast::kSame, out);
}

}  // namespace mpcc::protocol

// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/pack.h"

#include "runtime/base/ring.h"
#include "runtime/kernels/instantiate.h"
#include "runtime/kernels/pack_reference.h"

namespace mpcc::kernels {

uint64_t ReadBits(const uint8_t* p, uint64_t bit_offset, int l) {
  return reference::ReadBits(p, bit_offset, l);
}

template <LaneType T>
void Pack(const T* in, int64_t n, int l, uint8_t* out) {
  reference::Pack(in, n, l, out);
}

template <LaneType T>
void Unpack(const uint8_t* in, int64_t n, int l, T* out) {
  reference::Unpack(in, n, l, out);
}

template <LaneType T>
void UnpackRange(const uint8_t* in, int64_t first, int64_t n, int l, T* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(ReadBits(in, (first + i) * l, l));
}

template <LaneType T>
void UnpackAt(const uint8_t* in, std::span<const uint64_t> elements, int l, T* out) {
  for (size_t i = 0; i < elements.size(); ++i) {
    out[i] = static_cast<T>(ReadBits(in, elements[i] * l, l));
  }
}

#define MPCC_INSTANTIATE(T)                                             \
  template void Pack(const T*, int64_t, int, uint8_t*);                 \
  template void Unpack(const uint8_t*, int64_t, int, T*);               \
  template void UnpackRange(const uint8_t*, int64_t, int64_t, int, T*); \
  template void UnpackAt(const uint8_t*, std::span<const uint64_t>, int, T*);
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

}  // namespace mpcc::kernels

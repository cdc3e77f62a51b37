// SPDX-License-Identifier: Apache-2.0
// Packing, one bit at a time: what pack.h must compute. For tests.
#ifndef MPCC_RUNTIME_KERNELS_PACK_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_PACK_REFERENCE_H_

#include <algorithm>
#include <cstdint>

#include "runtime/base/ring.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels::reference {

inline uint64_t ReadBits(const uint8_t* p, uint64_t bit_offset, int l) {
  uint64_t value = 0;
  for (int b = 0; b < l; ++b) {
    const uint64_t at = bit_offset + b;
    value |= static_cast<uint64_t>(p[at / 8] >> at % 8 & 1) << b;
  }
  return value;
}

template <LaneType T>
void Pack(const T* in, int64_t n, int l, uint8_t* out) {
  std::fill_n(out, PackedBytes(n, l), uint8_t{0});
  for (int64_t at = 0; at < n * l; ++at) {
    out[at / 8] |= static_cast<uint8_t>((in[at / l] >> at % l & 1) << at % 8);
  }
}

template <LaneType T>
void Unpack(const uint8_t* in, int64_t n, int l, T* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(reference::ReadBits(in, i * l, l));
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_PACK_REFERENCE_H_

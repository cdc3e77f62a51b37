// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/table.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/instantiate.h"
#include "runtime/kernels/pack.h"

namespace mpcc::kernels {
namespace {

// Bytes of lanes worked on at a time: a share of the first-level cache.
constexpr int64_t kChunkBytes = 8192;

// Elements a chunk holds: few enough for the cache, and whole bytes however many bits an entry has.
int64_t ChunkElements(int64_t entries, int64_t lane_bytes) {
  const int64_t fit = kChunkBytes / (entries * lane_bytes);
  return std::max<int64_t>(fit / 8 * 8, entries >= 8 ? std::max<int64_t>(fit, 1) : 8);
}

// Writes n elements of `entries` values, made by copy_element(e, T* to), minus the keystream.
template <LaneType T, typename Fn>
void Deal(int64_t n, int64_t entries, int l, const uint8_t* keystream, uint8_t* out,
          Fn copy_element) {
  const int64_t chunk = std::min(ChunkElements(entries, sizeof(T)), n);
  SecureBuffer values(chunk * entries * sizeof(T));
  T* const lanes = values.span<T>().data();
  for (int64_t e = 0; e < n; e += chunk) {
    const int64_t count = std::min(chunk, n - e);
    for (int64_t i = 0; i < count; ++i) copy_element(e + i, lanes + i * entries);
    const uint64_t offset = PackedBytes(e * entries, l);
    SubPacked(lanes, keystream + offset, count * entries, l, out + offset);
  }
}

// Calls fn with the bytes of a run: as a constant for the usual sizes, so that a copy is a few
// vector moves.
template <typename Fn>
void WithRunBytes(int64_t bytes, Fn fn) {
  switch (bytes) {
    case 16:
      return fn(std::integral_constant<int64_t, 16>{});
    case 32:
      return fn(std::integral_constant<int64_t, 32>{});
    case 64:
      return fn(std::integral_constant<int64_t, 64>{});
    case 128:
      return fn(std::integral_constant<int64_t, 128>{});
    default:
      return fn(bytes);
  }
}

}  // namespace

template <LaneType T>
RotatableTables<T> RotatableTables<T>::FromRows(const T* entries, int64_t rows, int k) {
  RotatableTables tables;
  const int64_t size = int64_t{1} << k;
  tables.rows_ = rows;
  tables.k_ = k;
  tables.buffer_ = SecureBuffer(rows * 2 * size * sizeof(T));
  for (int64_t copy = 0; copy < rows * 2; ++copy) {
    std::memcpy(tables.buffer_.data() + copy * size * sizeof(T), entries + copy / 2 * size,
                size * sizeof(T));
  }
  return tables;
}

template <LaneType T>
RotatableTables<T> RotatableTables<T>::FromExp(const T* f, int k, int j) {
  const int64_t low = int64_t{1} << j;
  const int64_t size = int64_t{1} << (k - j);
  SecureBuffer rows(low * size * sizeof(T));
  for (int64_t r = 0; r < low; ++r) {
    for (int64_t q = 0; q < size; ++q) rows.span<T>()[r * size + q] = f[q * low - r + low];
  }
  return FromRows(rows.span<T>().data(), low, k - j);
}

template <LaneType L, LaneType T>
void DealLut(const RotatableTables<T>& tables, const L* mask, int64_t first, int64_t n, int shift,
             int l, const uint8_t* keystream, uint8_t* out) {
  const int64_t entries = int64_t{1} << tables.k();
  WithRunBytes(entries * sizeof(T), [&](auto bytes) {
    Deal<T>(n, entries, l, keystream, out, [&](int64_t e, T* to) {
      const uint64_t rotation = mask[e] >> shift & (entries - 1);
      std::memcpy(to, tables.Rotated((first + e) % tables.rows(), rotation), bytes);
    });
  });
}

template <LaneType L, LaneType T>
void DealExp(const RotatableTables<T>& tables, const L* mask, int64_t first, int64_t n, int j,
             int l, const uint8_t* keystream, uint8_t* out) {
  const int64_t entries = int64_t{1} << tables.k();
  WithRunBytes(entries * sizeof(T), [&](auto bytes) {
    Deal<T>(n, entries, l, keystream, out, [&](int64_t e, T* to) {
      const uint64_t rotation = mask[e] >> j & (entries - 1);
      std::memcpy(to, tables.Rotated(mask[e] & ((uint64_t{1} << j) - 1), rotation), bytes);
    });
  });
}

template <LaneType LA, LaneType LB, LaneType T>
void DealLut2(const RotatableTables<T>& tables, const LA* mask_a, const LB* mask_b, int64_t first,
              int64_t n, int l, const uint8_t* keystream, uint8_t* out) {
  const int64_t rows = tables.rows();
  const int64_t cols = int64_t{1} << tables.k();
  WithRunBytes(cols * sizeof(T), [&](auto bytes) {
    Deal<T>(n, rows * cols, l, keystream, out, [&](int64_t e, T* to) {
      for (int64_t u = 0; u < rows; ++u) {
        const uint64_t row = (u - mask_a[e]) & (rows - 1);
        std::memcpy(to + u * cols, tables.Rotated(row, mask_b[e] & (cols - 1)), bytes);
      }
    });
  });
}

template <LaneType L>
void LutIndices(const L* m, int64_t first, int64_t n, int shift, int k, uint64_t* index) {
  for (int64_t i = 0; i < n; ++i) {
    index[i] = static_cast<uint64_t>(first + i) << k | (uint64_t{m[i]} >> shift & Mask(k));
  }
}

template <LaneType LA, LaneType LB>
void Lut2Indices(const LA* ma, const LB* mb, int64_t first, int64_t n, int k1, int k2,
                 uint64_t* index) {
  for (int64_t i = 0; i < n; ++i) {
    index[i] = ((static_cast<uint64_t>(first + i) << k1 | ma[i]) << k2) | mb[i];
  }
}

template <LaneType L, LaneType T>
void Gather(const T* table, const L* m, int64_t n, int j, T* out) {
  const uint64_t mask = (uint64_t{1} << j) - 1;
  for (int64_t i = 0; i < n; ++i) out[i] = table[m[i] & mask];
}

template <LaneType T>
void SubPacked(const T* a, const uint8_t* b, int64_t n, int l, uint8_t* out) {
  constexpr int64_t kChunk = kChunkBytes / sizeof(T);  // a multiple of 8 elements: whole bytes
  alignas(64) T lanes[kChunk];
  for (int64_t i = 0; i < n; i += kChunk) {
    const int64_t count = std::min(kChunk, n - i);
    const uint64_t offset = PackedBytes(i, l);
    Unpack(b + offset, count, l, lanes);
    Sub(a + i, lanes, Shape{1, count}, l, lanes);
    Pack(lanes, count, l, out + offset);
  }
  CleanseMemory({reinterpret_cast<uint8_t*>(lanes), std::min<int64_t>(n, kChunk) * sizeof(T)});
}

#define MPCC_INSTANTIATE(T)                                                  \
  template class RotatableTables<T>;                                         \
  template void LutIndices(const T*, int64_t, int64_t, int, int, uint64_t*); \
  template void SubPacked(const T*, const uint8_t*, int64_t, int, uint8_t*);
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

#define MPCC_INSTANTIATE(L, T)                                                           \
  template void DealLut(const RotatableTables<T>&, const L*, int64_t, int64_t, int, int, \
                        const uint8_t*, uint8_t*);                                       \
  template void DealExp(const RotatableTables<T>&, const L*, int64_t, int64_t, int, int, \
                        const uint8_t*, uint8_t*);                                       \
  template void Lut2Indices(const L*, const T*, int64_t, int64_t, int, int, uint64_t*);  \
  template void Gather(const T*, const L*, int64_t, int, T*);
MPCC_FOR_EACH_LANE_PAIR(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

// The two index rings of a two-input table are narrow: 8- and 16-bit lanes.
#define MPCC_INSTANTIATE_LUT2(LA, LB, T)                                                         \
  template void DealLut2(const RotatableTables<T>&, const LA*, const LB*, int64_t, int64_t, int, \
                         const uint8_t*, uint8_t*);
#define MPCC_INSTANTIATE(T)                   \
  MPCC_INSTANTIATE_LUT2(uint8_t, uint8_t, T)  \
  MPCC_INSTANTIATE_LUT2(uint8_t, uint16_t, T) \
  MPCC_INSTANTIATE_LUT2(uint16_t, uint8_t, T) \
  MPCC_INSTANTIATE_LUT2(uint16_t, uint16_t, T)
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE
#undef MPCC_INSTANTIATE_LUT2

}  // namespace mpcc::kernels

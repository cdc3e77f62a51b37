// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/table.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
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
void Deal(int64_t n, const RotatableTables& tables, int64_t entries, std::span<uint8_t> out,
          Fn copy_element) {
  const int64_t chunk = std::min(ChunkElements(entries, sizeof(T)), n);
  SecureBuffer values(chunk * entries * sizeof(T));
  const std::span<T> lanes = values.span<T>();
  for (int64_t e = 0; e < n; e += chunk) {
    const int64_t count = std::min(chunk, n - e);
    for (int64_t i = 0; i < count; ++i) copy_element(e + i, lanes.data() + i * entries);
    SubPacked({lanes.first(count * entries), tables.width()},
              out.subspan(PackedBytes(e * entries, tables.width()),
                          PackedBytes(count * entries, tables.width())));
  }
}

// Entries u = 0 .. 2^k of row[(u - rotation) mod 2^k]. rotation < 2^k.
template <LaneType T>
const T* Rotated(const RotatableTables& tables, int64_t row, uint64_t rotation) {
  const int64_t size = int64_t{1} << tables.k();
  return tables.entries<T>().data() + (row * 2 + 1) * size - rotation;
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

// The two index rings of a two-input table are narrow: 8- and 16-bit lanes. Calls fn(lanes, lanes).
template <typename Fn>
void VisitIndices(ConstRingVector a, ConstRingVector b, Fn fn) {
  const auto second = [&](auto lanes) {
    if (LaneBytes(b.width()) == 1) return fn(lanes, b.As<uint8_t>());
    fn(lanes, b.As<uint16_t>());
  };
  assert(a.width() <= 16 && b.width() <= 16);
  if (LaneBytes(a.width()) == 1) return second(a.As<uint8_t>());
  second(a.As<uint16_t>());
}

}  // namespace

RotatableTables RotatableTables::FromRows(ConstRingVector entries, int k) {
  RotatableTables tables;
  const uint64_t size = uint64_t{1} << k;
  tables.rows_ = static_cast<int64_t>(entries.size() / size);
  tables.k_ = k;
  tables.width_ = entries.width();
  tables.buffer_ = SecureBuffer(2 * entries.bytes().size());
  for (int64_t row = 0; row < tables.rows_; ++row) {
    const auto bytes = entries.Slice(row * size, size).bytes();
    for (int copy = 0; copy < 2; ++copy)
      std::memcpy(tables.buffer_.data() + (2 * row + copy) * bytes.size(), bytes.data(),
                  bytes.size());
  }
  return tables;
}

void DealLut(const RotatableTables& tables, ConstRingVector mask, int64_t first, int shift,
             std::span<uint8_t> out) {
  const int64_t entries = int64_t{1} << tables.k();
  VisitLane(tables.width(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    VisitLanes(
        [&](auto m) {
          WithRunBytes(entries * sizeof(T), [&](auto bytes) {
            Deal<T>(mask.size(), tables, entries, out, [&](int64_t e, T* to) {
              const uint64_t rotation = m[e] >> shift & (entries - 1);
              std::memcpy(to, Rotated<T>(tables, (first + e) % tables.rows(), rotation), bytes);
            });
          });
        },
        mask);
  });
}

void DealLut2(const RotatableTables& tables, ConstRingVector mask_a, ConstRingVector mask_b,
              std::span<uint8_t> out) {
  const int64_t rows = tables.rows();
  const int64_t cols = int64_t{1} << tables.k();
  VisitIndices(mask_a, mask_b, [&](auto a, auto b) {
    VisitLane(tables.width(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      WithRunBytes(cols * sizeof(T), [&](auto bytes) {
        Deal<T>(mask_a.size(), tables, rows * cols, out, [&](int64_t e, T* to) {
          for (int64_t u = 0; u < rows; ++u) {
            const uint64_t row = (u - a[e]) & (rows - 1);
            std::memcpy(to + u * cols, Rotated<T>(tables, row, b[e] & (cols - 1)), bytes);
          }
        });
      });
    });
  });
}

void LutIndices(ConstRingVector m, const IndexWindow& window, std::span<uint64_t> index) {
  const uint64_t mask = Mask(window.k);
  VisitLanes(
      [&](auto lanes) {
        for (size_t i = 0; i < index.size(); ++i)
          index[i] = i << window.k | (((uint64_t{lanes[i]} >> window.shift) - window.below) & mask);
      },
      m);
}

void Lut2Indices(ConstRingVector ma, ConstRingVector mb, std::span<uint64_t> index) {
  const int k1 = ma.width(), k2 = mb.width();
  VisitIndices(ma, mb, [&](auto a, auto b) {
    for (size_t i = 0; i < index.size(); ++i) index[i] = ((i << k1 | a[i]) << k2) | b[i];
  });
}

void SubPacked(ConstRingVector a, std::span<uint8_t> out) {
  alignas(64) uint8_t buffer[kChunkBytes];
  const int l = a.width();
  const uint64_t fit = kChunkBytes / LaneBytes(l);  // a multiple of 8 elements: whole bytes
  for (uint64_t i = 0; i < a.size(); i += fit) {
    const uint64_t count = std::min(fit, a.size() - i);
    const auto piece = out.subspan(PackedBytes(i, l), PackedBytes(count, l));
    const RingVector lanes(buffer, count, l);
    Unpack(piece, lanes);
    Sub(a.Slice(i, count), lanes, lanes);
    Pack(lanes, piece);
  }
  CleanseMemory({buffer, LaneVectorBytes(std::min(a.size(), fit), l)});
}

}  // namespace mpcc::kernels

// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/bit_table.h"

#include <algorithm>
#include <cassert>

#include "runtime/base/ring.h"

namespace mpcc::kernels {
namespace {

// to ^= from, of so many bytes.
template <size_t kBytes>
void XorRun(const uint8_t* from, uint8_t* to) {
  for (size_t i = 0; i < kBytes; ++i) to[i] ^= from[i];
}

// Calls fn(xor) with what adds a run of `bytes`, a power of two: of the usual sizes it is a few
// vector instructions.
template <typename Fn>
void WithXor(size_t bytes, Fn fn) {
  switch (bytes) {
    case 1:
      return fn(XorRun<1>);
    case 2:
      return fn(XorRun<2>);
    case 4:
      return fn(XorRun<4>);
    case 8:
      return fn(XorRun<8>);
    case 16:
      return fn(XorRun<16>);
    case 32:
      return fn(XorRun<32>);
    default:
      return fn([bytes](const uint8_t* from, uint8_t* to) {
        for (size_t i = 0; i < bytes; i += 64) XorRun<64>(from + i, to + i);
      });
  }
}

}  // namespace

BitTables::BitTables(ConstRingVector entries, int k)
    : rows_(static_cast<int64_t>(entries.size() >> k)), k_(k) {
  assert(k >= kLeastBitTable && entries.width() == 1);
  const size_t size = size_t{1} << k, bytes = 2 * size / 8;
  copies_ = SecureBuffer(rows_ * 8 * bytes);
  const auto bits = entries.As<uint8_t>();
  for (int64_t row = 0; row < rows_; ++row) {
    uint8_t* const first = copies_.data() + row * 8 * bytes;
    for (size_t i = 0; i < 2 * size; ++i)
      first[i / 8] |= static_cast<uint8_t>(bits[row * size + i % size] << i % 8);
    for (size_t begin = 1; begin < 8; ++begin)
      for (size_t i = 0; i < bytes; ++i)
        first[begin * bytes + i] =
            static_cast<uint8_t>(first[i] >> begin | first[(i + 1) % bytes] << (8 - begin));
  }
}

void BitTables::Deal(ConstRingVector mask, int64_t first, int shift, std::span<uint8_t> out) const {
  const uint64_t size = uint64_t{1} << k_;
  const size_t bytes = size / 8;
  assert(out.size() == mask.size() * bytes);
  VisitLanes(
      [&](auto m) {
        WithXor(bytes, [&](auto add) {
          uint64_t row = static_cast<uint64_t>(first) % rows_;
          for (size_t e = 0; e < m.size(); ++e) {
            const uint64_t begin = size - (m[e] >> shift & (size - 1));
            add(copies_.data() + (row * 8 + begin % 8) * 2 * bytes + begin / 8,
                out.data() + e * bytes);
            if (++row == static_cast<uint64_t>(rows_)) row = 0;
          }
        });
      },
      mask);
}

void ReadBitTables(std::span<const uint8_t> packed, int k, std::span<const uint16_t> index,
                   BitVector out) {
  assert(k >= kLeastBitTable && out.size() == index.size());
  assert(packed.size() >= index.size() << k >> 3);
  const int bytes_log2 = k - 3;
  for (uint64_t w = 0; w < out.words(); ++w) {
    const size_t first = 64 * w, n = std::min<size_t>(64, index.size() - first);
    uint64_t word = 0;
    for (size_t i = 0; i < n; ++i) {
      const uint32_t u = index[first + i];
      const uint64_t byte = packed[((first + i) << bytes_log2) + u / 8];
      word |= (byte >> u % 8 & 1) << i;
    }
    out.SetWord(w, word);
  }
}

}  // namespace mpcc::kernels

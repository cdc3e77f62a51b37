// SPDX-License-Identifier: Apache-2.0
// Arithmetic facts about the rings Z_2^l, 1 <= l <= 64, and how their elements lie in memory.
//
// A vector over Z_2^l is kept in *lanes*, the smallest of 8, 16, 32 and 64 bits that holds l, and
// reduced: the bits above l are zero. On the wire, in material and, with l = 1, in a run it lies
// packed (bit_vector.h): element i is bits [i*l, (i+1)*l), least significant bit first.
#ifndef MPCC_RUNTIME_BASE_RING_H_
#define MPCC_RUNTIME_BASE_RING_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace mpcc {

inline constexpr int kMaxRingBits = 64;

constexpr bool IsRing(int l) { return l >= 1 && l <= kMaxRingBits; }

// 2^l - 1. REQUIRES: IsRing(l), as in every function below.
constexpr uint64_t Mask(int l) { return ~uint64_t{0} >> (kMaxRingBits - l); }

// Width of a lane in bytes: 1, 2, 4 or 8.
constexpr int LaneBytes(int l) { return l <= 8 ? 1 : l <= 16 ? 2 : l <= 32 ? 4 : 8; }

// The lane type of Z_2^l.
template <int l>
using Lane = std::conditional_t<
    LaneBytes(l) == 1, uint8_t,
    std::conditional_t<LaneBytes(l) == 2, uint16_t,
                       std::conditional_t<LaneBytes(l) == 4, uint32_t, uint64_t>>>;

// Bytes of n elements in lanes. REQUIRES: the result fits 64 bits.
constexpr uint64_t LaneVectorBytes(uint64_t n, int l) { return n * LaneBytes(l); }

// Bytes of n packed elements, ceil(n*l/8), for every n whose result fits 64 bits.
constexpr uint64_t PackedBytes(uint64_t n, int l) {
  const uint64_t bits = static_cast<uint64_t>(l);
  return n / 8 * bits + (n % 8 * bits + 7) / 8;
}

// Bytes of n elements of a wire: those of one bit lie packed.
constexpr uint64_t WireVectorBytes(uint64_t n, int l) {
  return l == 1 ? PackedBytes(n, 1) : LaneVectorBytes(n, l);
}

// The representative of x in [-2^(l-1), 2^(l-1)); bits of x above l are ignored.
constexpr int64_t Signed(uint64_t x, int l) {
  const int shift = kMaxRingBits - l;
  return static_cast<int64_t>(x << shift) >> shift;
}

// The ring element of a signed or wide integer: x mod 2^l.
constexpr uint64_t Reduce(uint64_t x, int l) { return x & Mask(l); }

// Calls fn with std::type_identity<T>, T the lane type of Z_2^l, and returns its result:
//   VisitLane(l, [&](auto tag) { using T = typename decltype(tag)::type; ... });
template <typename Fn>
constexpr decltype(auto) VisitLane(int l, Fn&& fn) {
  switch (LaneBytes(l)) {
    case 1:
      return std::forward<Fn>(fn)(std::type_identity<uint8_t>{});
    case 2:
      return std::forward<Fn>(fn)(std::type_identity<uint16_t>{});
    case 4:
      return std::forward<Fn>(fn)(std::type_identity<uint32_t>{});
    default:
      return std::forward<Fn>(fn)(std::type_identity<uint64_t>{});
  }
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_RING_H_

// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/one_hot.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/one_hot.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/ring.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

inline uint64_t Parity(uint64_t word) { return std::popcount(word) & 1; }

// out[i] = the lowest bit of read(i).
template <typename Fn>
HWY_INLINE void SetBits(BitVector out, Fn read) {
  uint64_t w = 0;
  for (; (w + 1) * 64 <= out.size(); ++w) {
    uint64_t word = 0;
    for (int byte = 0; byte < 64; byte += 8) {
      uint64_t bits = 0;
      for (int i = 0; i < 8; ++i) bits |= read(w * 64 + byte + i) << i;
      word |= bits << byte;
    }
    out.SetWord(w, word);
  }
  uint64_t rest = 0;
  for (size_t i = w * 64; i < out.size(); ++i) rest |= read(i) << i % 64;
  if (w < out.words()) out.SetWord(w, rest);
}

// Elements of 8 to 64 bits, each in a word of its own.
template <LaneType T>
void ReadWords(const uint64_t* windows, const uint8_t* packed, std::span<const uint16_t> digits,
               BitVector out) {
  SetBits(out, [&](size_t i) {
    T bits;
    std::memcpy(&bits, packed + i * sizeof(T), sizeof(T));
    return Parity(bits & windows[digits[i]]);
  });
}

// Elements of 2 or 4 bits, several in a byte.
inline void ReadParts(int d, const uint64_t* windows, const uint8_t* packed,
                      std::span<const uint16_t> digits, BitVector out) {
  const int in_byte = 3 - d;  // log2 of the elements in a byte
  SetBits(out, [&](size_t i) {
    const int first = static_cast<int>(i & ((1u << in_byte) - 1)) << d;
    return Parity(packed[i >> in_byte] >> first & windows[digits[i]]);
  });
}

// Elements of several words; windows[j] begins at bit 64 j.
inline void ReadRows(int d, const uint64_t* windows, const uint8_t* packed,
                     std::span<const uint16_t> digits, BitVector out) {
  const size_t words = size_t{1} << (d - 6);
  SetBits(out, [&](size_t i) {
    const uint32_t begin = (1u << d) - digits[i];
    const uint64_t* const from = windows + begin / 64;
    const int right = begin % 64;
    uint64_t sum = 0;
    for (size_t j = 0; j < words; ++j) {
      uint64_t bits;
      std::memcpy(&bits, packed + (i * words + j) * 8, 8);
      sum ^= bits & (from[j] >> right | from[j + 1] << 1 << (63 - right));
    }
    return Parity(sum);
  });
}

void ReadAll(int d, const uint64_t* windows, std::span<const uint8_t> packed,
             std::span<const uint16_t> digits, BitVector out) {
  const uint8_t* const from = packed.data();
  switch (d) {
    case 3:
      return ReadWords<uint8_t>(windows, from, digits, out);
    case 4:
      return ReadWords<uint16_t>(windows, from, digits, out);
    case 5:
      return ReadWords<uint32_t>(windows, from, digits, out);
    case 6:
      return ReadWords<uint64_t>(windows, from, digits, out);
    default:
      return d < 3 ? ReadParts(d, windows, from, digits, out)
                   : ReadRows(d, windows, from, digits, out);
  }
}

template <LaneType T>
void DigitsOf(std::span<const T> a, int shift, uint16_t mask, uint16_t* digits) {
  for (size_t i = 0; i < a.size(); ++i) digits[i] = static_cast<uint16_t>(a[i] >> shift) & mask;
}

void DigitsOfVector(ConstRingVector a, int shift, uint16_t mask, std::span<uint16_t> digits) {
  VisitLanes(
      [&](auto lanes) { DigitsOf<LaneOf<decltype(lanes)>>(lanes, shift, mask, digits.data()); }, a);
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

// Every word is changed whatever the digit: neither an address nor a branch tells it.

template <LaneType T>
void FlipWords(std::span<const uint16_t> digits, uint8_t* packed) {
  for (size_t i = 0; i < digits.size(); ++i) {
    T word;
    std::memcpy(&word, packed + i * sizeof(T), sizeof(T));
    word ^= static_cast<T>(uint64_t{1} << digits[i]);
    std::memcpy(packed + i * sizeof(T), &word, sizeof(T));
  }
}

void FlipParts(std::span<const uint16_t> digits, int d, uint8_t* packed) {
  const int in_byte = 3 - d;  // log2 of the elements in a byte
  for (size_t i = 0; i < digits.size(); ++i)
    packed[i >> in_byte] ^=
        static_cast<uint8_t>(1u << (digits[i] + ((i & ((1u << in_byte) - 1)) << d)));
}

void FlipRows(std::span<const uint16_t> digits, int d, uint8_t* packed) {
  const size_t words = size_t{1} << (d - 6);
  for (size_t i = 0; i < digits.size(); ++i)
    for (size_t j = 0; j < words; ++j) {
      uint64_t word;
      uint8_t* const at = packed + (i * words + j) * 8;
      std::memcpy(&word, at, 8);
      // 1 where the digit's word is j: nothing but 0 less 1 sets the highest bit.
      const uint64_t here = ((digits[i] / 64 ^ j) - 1) >> 63;
      word ^= here << digits[i] % 64;
      std::memcpy(at, &word, 8);
    }
}

HWY_EXPORT(ReadAll);
HWY_EXPORT(DigitsOfVector);

void Digits(ConstRingVector a, int shift, int d, std::span<uint16_t> digits) {
  assert(a.size() == digits.size() && shift + d <= a.width());
  HWY_DYNAMIC_DISPATCH(DigitsOfVector)(a, shift, static_cast<uint16_t>(Mask(d)), digits);
}

void FlipOneHot(std::span<const uint16_t> digits, int d, std::span<uint8_t> packed) {
  assert(packed.size() >= ((digits.size() << d) + 7) / 8);
  switch (d) {
    case 3:
      return FlipWords<uint8_t>(digits, packed.data());
    case 4:
      return FlipWords<uint16_t>(digits, packed.data());
    case 5:
      return FlipWords<uint32_t>(digits, packed.data());
    case 6:
      return FlipWords<uint64_t>(digits, packed.data());
    default:
      return d < 3 ? FlipParts(digits, d, packed.data()) : FlipRows(digits, d, packed.data());
  }
}

OneHotReader::OneHotReader(int d, std::span<const uint64_t> table) : d_(d) {
  const uint32_t size = 1u << d;
  assert(d >= 1 && d <= kMaxDigitBits && table.size() * 64 >= 2 * size);
  const auto at = [&](uint32_t bit) { return table[bit / 64] >> bit % 64 & 1; };
  if (d <= 6) {
    windows_.resize(size);
    for (uint32_t u = 0; u < size; ++u)
      for (uint32_t v = 0; v < size; ++v) windows_[u] |= at(u + size - v) << v;
    return;
  }
  windows_.resize(2 * size / 64 + 1);
  for (uint32_t i = 1; i < 2 * size; ++i) windows_[i / 64] |= at(2 * size - i) << i % 64;
}

void OneHotReader::Read(std::span<const uint8_t> packed, std::span<const uint16_t> digits,
                        BitVector out) const {
  assert(out.size() == digits.size() && packed.size() >= ((digits.size() << d_) + 7) / 8);
  HWY_DYNAMIC_DISPATCH(ReadAll)(d_, windows_.data(), packed, digits, out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE

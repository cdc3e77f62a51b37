// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/one_hot.h"

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

}  // namespace mpcc::kernels
#endif  // HWY_ONCE

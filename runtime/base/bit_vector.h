// SPDX-License-Identifier: Apache-2.0
// Views of packed vectors over Z_2: element i is bit (first + i) % 8 of byte (first + i) / 8, as on
// the wire and in material. A value of one bit takes an eighth of what it takes in lanes
// (ring_vector.h), and 64 of them are added or multiplied by one instruction.
//
// The bits beside a view are others': what is written through it leaves them as they were.
#ifndef MPCC_RUNTIME_BASE_BIT_VECTOR_H_
#define MPCC_RUNTIME_BASE_BIT_VECTOR_H_

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>
#include <type_traits>

#include "runtime/base/bytes.h"
#include "runtime/base/ring.h"

namespace mpcc {

// `Byte` is uint8_t or const uint8_t.
template <typename Byte>
class BasicBitVector {
 public:
  static constexpr uint64_t kWordBits = 64;

  BasicBitVector() = default;

  // `size` elements from bit `first` of the bytes on.
  BasicBitVector(Byte* bytes, uint64_t size, uint64_t first = 0)
      : bytes_(bytes + first / 8), size_(size), first_(first % 8) {}

  // What may be changed may be read.
  template <typename Other>
  requires(std::is_const_v<Byte> && !std::is_const_v<Other>)
      BasicBitVector(const BasicBitVector<Other>& other)  // NOLINT: meant to be implicit
      : BasicBitVector(other.data(), other.size(), other.first()) {}

  uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  static constexpr int width() { return 1; }
  // Where the first element is: bit first() of the byte at data().
  Byte* data() const { return bytes_; }
  uint64_t first() const { return first_; }
  bool OnByte() const { return first_ == 0; }

  // All bytes that it reaches into. REQUIRES: OnByte().
  std::span<Byte> bytes() const {
    assert(OnByte());
    return {bytes_, PackedBytes(size_, 1)};
  }

  // Elements [first, first + count). REQUIRES: they are there.
  BasicBitVector Slice(uint64_t first, uint64_t count) const {
    assert(first + count <= size_);
    return {bytes_, count, first_ + first};
  }

  bool At(uint64_t i) const { return bytes_[(first_ + i) / 8] >> (first_ + i) % 8 & 1; }

  // How many words it takes to go through all elements.
  uint64_t words() const { return (size_ + kWordBits - 1) / kWordBits; }

  // Elements [64 i, 64 i + 64), those beyond the end zero. REQUIRES: i < words().
  uint64_t Word(uint64_t i) const {
    const Byte* const from = bytes_ + 8 * i;
    const uint64_t n = ElementsOf(i);
    if (n == kWordBits) {
      const uint64_t word = LoadWord<uint64_t>(from);
      return first_ ? word >> first_ | uint64_t{from[8]} << (kWordBits - first_) : word;
    }
    const uint64_t bytes = (first_ + n + 7) / 8;
    const uint64_t word = LoadBytes(from, static_cast<int>(std::min<uint64_t>(bytes, 8)));
    const uint8_t high = bytes > 8 ? from[8] : 0;
    return (word >> first_ | (first_ ? uint64_t{high} << (kWordBits - first_) : 0)) & Ones(n);
  }

  // The same, written. Bits of `word` beyond the end are ignored.
  void SetWord(uint64_t i, uint64_t word) const requires(!std::is_const_v<Byte>) {
    uint8_t* const to = bytes_ + 8 * i;
    const uint64_t n = ElementsOf(i);
    if (n == kWordBits && first_ == 0) return StoreWord<uint64_t>(word, to);
    const uint64_t bytes = (first_ + n + 7) / 8;
    const int low_bytes = static_cast<int>(std::min<uint64_t>(bytes, 8));
    const uint64_t low = LoadBytes(to, low_bytes);
    StoreBytes((low & ~(Ones(n) << first_)) | (word & Ones(n)) << first_, to, low_bytes);
    if (bytes <= 8) return;
    const auto high_mask = static_cast<uint8_t>(Ones(n) >> (kWordBits - first_));
    to[8] = static_cast<uint8_t>((to[8] & ~high_mask) | (word >> (kWordBits - first_) & high_mask));
  }

 private:
  static constexpr uint64_t Ones(uint64_t n) {
    return n == 0 ? 0 : ~uint64_t{0} >> (kWordBits - n);
  }
  uint64_t ElementsOf(uint64_t i) const { return std::min(size_ - kWordBits * i, kWordBits); }

  Byte* bytes_ = nullptr;
  uint64_t size_ = 0;
  uint64_t first_ = 0;
};

using BitVector = BasicBitVector<uint8_t>;
using ConstBitVector = BasicBitVector<const uint8_t>;

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_BIT_VECTOR_H_

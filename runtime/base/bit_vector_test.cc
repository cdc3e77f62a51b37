// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/bit_vector.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mpcc {
namespace {

std::vector<uint8_t> RandomBytes(std::mt19937_64& random, uint64_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// Calls fn(first, size) for views that begin and end anywhere. Vectors own exactly the bytes that a
// view reaches into, so that a sanitizer sees any other.
template <typename Fn>
void ForEachView(Fn fn) {
  for (uint64_t first = 0; first < 8; ++first)
    for (uint64_t size : {0, 1, 5, 8, 57, 63, 64, 65, 71, 72, 128, 131, 200}) {
      SCOPED_TRACE(testing::Message() << size << " elements from bit " << first);
      fn(first, size);
    }
}

TEST(BitVector, WordsAreTheElementsAndZerosBeyond) {
  std::mt19937_64 random(1);
  ForEachView([&](uint64_t first, uint64_t size) {
    const auto bytes = RandomBytes(random, (first + size + 7) / 8);
    const ConstBitVector bits(bytes.data(), size, first);
    for (uint64_t i = 0; i < 64 * bits.words(); ++i)
      ASSERT_EQ(bits.Word(i / 64) >> i % 64 & 1, i < size && bits.At(i)) << i;
    for (uint64_t i = 0; i < size; ++i)
      ASSERT_EQ(bits.At(i), bytes[(first + i) / 8] >> (first + i) % 8 & 1) << i;
  });
}

TEST(BitVector, WrittenWordsLeaveWhatIsBesideThem) {
  std::mt19937_64 random(2);
  ForEachView([&](uint64_t first, uint64_t size) {
    const auto before = RandomBytes(random, (first + size + 7) / 8);
    std::vector<uint8_t> bytes = before;
    const BitVector bits(bytes.data(), size, first);
    std::vector<uint64_t> words;
    for (uint64_t i = 0; i < bits.words(); ++i) bits.SetWord(i, words.emplace_back(random()));
    for (uint64_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      const bool inside = bit >= first && bit < first + size;
      const uint64_t i = bit - first;
      ASSERT_EQ(bytes[bit / 8] >> bit % 8 & 1,
                inside ? words[i / 64] >> i % 64 & 1 : before[bit / 8] >> bit % 8 & 1)
          << bit;
    }
  });
}

TEST(BitVector, SlicesOfSlicesAreThoseElements) {
  std::mt19937_64 random(3);
  const auto bytes = RandomBytes(random, 40);
  const ConstBitVector all(bytes.data(), 300, 5);
  for (int i = 0; i < 200; ++i) {
    const uint64_t first = random() % 300, count = random() % (301 - first);
    const uint64_t again = count ? random() % count : 0;
    const ConstBitVector part = all.Slice(first, count).Slice(again, count - again);
    ASSERT_EQ(part.size(), count - again);
    for (uint64_t e = 0; e < part.size(); ++e) ASSERT_EQ(part.At(e), all.At(first + again + e));
  }
}

}  // namespace
}  // namespace mpcc

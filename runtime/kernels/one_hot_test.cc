// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/one_hot.h"

#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

bool BitOf(std::span<const uint8_t> packed, uint64_t bit) { return packed[bit / 8] >> bit % 8 & 1; }

std::vector<uint16_t> RandomDigits(std::mt19937_64& rng, int64_t n, int d) {
  std::vector<uint16_t> digits(n);
  for (uint16_t& digit : digits) digit = Reduce(rng(), d);
  return digits;
}

TEST(OneHot, FlipsTheBitOfEachDigitAndNoOther) {
  std::mt19937_64 rng(1);
  for (int d = 1; d <= kMaxDigitBits; ++d) {
    const auto digits = RandomDigits(rng, 29, d);
    const auto before = RandomVector<uint8_t>(rng, PackedBytes(digits.size() << d, 1), 8);
    std::vector<uint8_t> packed = before;
    FlipOneHot(digits, d, packed);
    for (uint64_t bit = 0; bit < digits.size() << d; ++bit)
      ASSERT_EQ(BitOf(packed, bit) ^ BitOf(before, bit), digits[bit >> d] == Reduce(bit, d))
          << d << " " << bit;
  }
}

// The reference: bit by bit, from any vector, one-hot or not.
TEST(OneHot, ReadsTheParityOfWhereTheFunctionIsOne) {
  std::mt19937_64 rng(2);
  ForEachTarget([&] {
    for (int d = 1; d <= kMaxDigitBits; ++d) {
      SCOPED_TRACE(d);
      const auto table = RandomVector<uint64_t>(rng, std::max(1, (2 << d) / 64), 64);
      const auto digits = RandomDigits(rng, 1051, d);
      const auto packed = RandomVector<uint8_t>(rng, PackedBytes(digits.size() << d, 1), 8);
      std::vector<uint8_t> bytes(PackedBytes(digits.size() + 3, 1));
      const BitVector out(bytes.data(), digits.size(), 3);
      alignas(8) uint8_t scratch[OneHotReader::kScratchBytes];
      OneHotReader(d, table).Read(packed, digits, scratch, out);
      for (size_t i = 0; i < digits.size(); ++i) {
        int parity = 0;
        for (uint64_t v = 0; v < uint64_t{1} << d; ++v) {
          const uint64_t at = digits[i] - v + (uint64_t{1} << d);
          parity ^= BitOf(packed, (i << d) + v) & (table[at / 64] >> at % 64 & 1);
        }
        ASSERT_EQ(out.At(i), parity) << i;
      }
    }
  });
}

template <typename T>
class OneHotDigits : public ::testing::Test {};
TYPED_TEST_SUITE(OneHotDigits, AllLanes);

TYPED_TEST(OneHotDigits, AreWindowsOfTheElements) {
  std::mt19937_64 rng(3);
  ForEachTarget([&] {
    for (const int l : SomeWidths<TypeParam>())
      for (int d = 1; d <= std::min(l, kMaxDigitBits); ++d) {
        const auto a = RandomVector<TypeParam>(rng, 37, l);
        const int shift = static_cast<int>(rng() % (l - d + 1));
        std::vector<uint16_t> digits(a.size());
        Digits(View(a, l), shift, d, digits);
        for (size_t i = 0; i < a.size(); ++i)
          ASSERT_EQ(digits[i], Reduce(uint64_t{a[i]} >> shift, d));
      }
  });
}

}  // namespace
}  // namespace mpcc::kernels

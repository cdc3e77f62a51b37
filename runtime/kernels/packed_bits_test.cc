// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/packed_bits.h"

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/pack.h"

namespace mpcc::kernels {
namespace {

// Bits that begin anywhere, and may be changed.
class Bits {
 public:
  Bits(std::mt19937_64& rng, uint64_t size, uint64_t first)
      : bytes_(RandomVector<uint8_t>(rng, static_cast<int64_t>(first + size + 7) / 8, 8)),
        view_(bytes_.data(), size, first) {}

  operator BitVector() { return view_; }             // NOLINT: a view
  operator ConstBitVector() const { return view_; }  // NOLINT

  std::vector<bool> Values() const {
    std::vector<bool> values(view_.size());
    for (uint64_t i = 0; i < view_.size(); ++i) values[i] = view_.At(i);
    return values;
  }

 private:
  std::vector<uint8_t> bytes_;
  BitVector view_;
};

// Calls fn(bits) for lengths around those of words and pieces; fn() begins anywhere.
template <typename Fn>
void ForSizes(Fn fn) {
  std::mt19937_64 rng(5);
  for (const uint64_t size : {0, 1, 7, 8, 63, 64, 65, 200, 1024, 1031, 3000})
    for (int round = 0; round < 6; ++round) {
      SCOPED_TRACE(size);
      fn(size, [&, size] { return Bits(rng, size, round ? rng() % 8 : 0); });
    }
}

TEST(PackedBits, SumsAndProductsAreModuloTwo) {
  ForSizes([](uint64_t size, auto bits) {
    const Bits a = bits(), b = bits();
    Bits sum = bits(), product = bits(), copy = bits();
    Add(a, b, sum);
    Mul(a, b, product);
    Copy(a, copy);
    const auto x = a.Values(), y = b.Values(), s = sum.Values(), p = product.Values();
    EXPECT_EQ(copy.Values(), x);
    for (uint64_t i = 0; i < size; ++i) {
      ASSERT_EQ(s[i], x[i] != y[i]) << i;
      ASSERT_EQ(p[i], x[i] && y[i]) << i;
    }
    Add(sum, b, sum);  // in place
    EXPECT_EQ(sum.Values(), x);
  });
}

template <typename T>
class PackedBitsInLanes : public ::testing::Test {};
TYPED_TEST_SUITE(PackedBitsInLanes, AllLanes);

TYPED_TEST(PackedBitsInLanes, AreZerosAndOnes) {
  ForEachTarget([&] {
    ForSizes([](uint64_t size, auto bits) {
      const Bits a = bits();
      const auto values = a.Values();
      std::vector<TypeParam> lanes(size, 7);
      Unpack(a, View(lanes, SomeWidths<TypeParam>()[1]));
      for (uint64_t i = 0; i < size; ++i) ASSERT_EQ(lanes[i], values[i]) << i;
    });
  });
}

TEST(PackedBits, ComeBackFromLanesAndMessages) {
  ForSizes([](uint64_t size, auto bits) {
    const Bits a = bits();
    std::vector<uint8_t> lanes(size), message(PackedBytes(size, 1), 0xff);
    Unpack(a, View(lanes, 1));
    Bits from_lanes = bits(), from_message = bits();
    Pack(View(lanes, 1), BitVector(from_lanes));
    Pack(a, std::span<uint8_t>(message));
    Unpack(message, BitVector(from_message));
    EXPECT_EQ(from_lanes.Values(), a.Values());
    EXPECT_EQ(from_message.Values(), a.Values());
    std::vector<uint8_t> packed_lanes(message.size());
    Pack(View(std::as_const(lanes), 1), std::span<uint8_t>(packed_lanes));
    EXPECT_EQ(message, packed_lanes) << "with zeros as padding";
  });
}

TEST(PackedBits, AreSubtractedFromAsKeystream) {
  ForSizes([](uint64_t size, auto bits) {
    const Bits a = bits();
    std::mt19937_64 rng(6);
    auto out = RandomVector<uint8_t>(rng, static_cast<int64_t>(PackedBytes(size, 1)), 8);
    const auto keystream = out;
    SubPacked(a, out);
    for (uint64_t i = 0; i < 8 * out.size(); ++i) {
      const bool key = keystream[i / 8] >> i % 8 & 1;
      ASSERT_EQ(out[i / 8] >> i % 8 & 1, i < size ? a.Values()[i] != key : 0) << i;
    }
  });
}

}  // namespace
}  // namespace mpcc::kernels

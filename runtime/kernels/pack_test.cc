// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/pack.h"

#include <numeric>

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/pack_reference.h"

namespace mpcc::kernels {
namespace {

template <typename T>
class Packing : public ::testing::Test {
 protected:
  static constexpr int kBits = 8 * sizeof(T);

  // Calls fn(values, packed, l) for every width and for lengths around the sizes of a group. The
  // vectors own exactly the bytes that a kernel may touch, so that a sanitizer sees any other.
  template <typename Fn>
  void ForEachVector(Fn fn) {
    for (int l = kLeastWidth<T>; l <= kBits; ++l) {
      for (const int64_t n : {0, 1, 3, 7, 8, 9, 16, 31, 63, 64, 71, 100}) {
        SCOPED_TRACE(testing::Message() << n << " elements of " << l << " bits");
        const auto values = RandomVector<T>(rng_, n, l);
        std::vector<uint8_t> packed(PackedBytes(n, l));
        reference::Pack(values.data(), n, l, packed.data());
        fn(values, packed, l);
      }
    }
  }

  std::mt19937_64 rng_{7};
};
TYPED_TEST_SUITE(Packing, AllLanes);

TYPED_TEST(Packing, PackEqualsTheReference) {
  using T = TypeParam;
  ForEachTarget([&] {
    this->ForEachVector(
        [&](const std::vector<T>& values, const std::vector<uint8_t>& packed, int l) {
          std::vector<uint8_t> out(packed.size(), 0xee);
          Pack(View(values, l), out);
          ASSERT_EQ(out, packed);
        });
  });
}

TYPED_TEST(Packing, UnpackEqualsTheReference) {
  using T = TypeParam;
  ForEachTarget([&] {
    this->ForEachVector(
        [&](const std::vector<T>& values, const std::vector<uint8_t>& packed, int l) {
          std::vector<T> out(values.size());
          Unpack(packed, View(out, l));
          ASSERT_EQ(out, values);
        });
  });
}

TYPED_TEST(Packing, UnpackAtReadsScatteredElements) {
  using T = TypeParam;
  this->ForEachVector([&](const std::vector<T>& values, const std::vector<uint8_t>& packed, int l) {
    std::vector<uint64_t> backwards(values.size());
    std::iota(backwards.rbegin(), backwards.rend(), 0);
    std::vector<T> out(values.size());
    UnpackAt(packed, backwards, View(out, l));
    ASSERT_EQ(out, std::vector<T>(values.rbegin(), values.rend()));
  });
}

TEST(ReadBits, EveryWidthAndOffsetEqualsTheReference) {
  std::mt19937_64 rng(3);
  for (int l = 1; l <= 64; ++l) {
    for (uint64_t offset = 0; offset < 70; ++offset) {
      const auto bytes = RandomVector<uint8_t>(rng, (offset + l + 7) / 8, 8);
      ASSERT_EQ(ReadBits(bytes.data(), offset, l), reference::ReadBits(bytes.data(), offset, l))
          << l << " bits at " << offset;
    }
  }
}

TEST(Packing, IsLeastSignificantBitFirst) {
  const std::vector<uint8_t> values = {0b001, 0b110, 0b101};
  uint8_t out[2];
  Pack(View(values, 3), out);
  EXPECT_EQ(out[0], 0b01'110'001);
  EXPECT_EQ(out[1], 0b1);
}

}  // namespace
}  // namespace mpcc::kernels

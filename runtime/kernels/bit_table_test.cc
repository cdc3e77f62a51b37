// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/bit_table.h"

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/table_reference.h"

namespace mpcc::kernels {
namespace {

// k, rows, shift.
class BitTable : public testing::TestWithParam<std::tuple<int, int, int>> {
 protected:
  std::mt19937_64 rng_{29};
};

TEST_P(BitTable, DealsWhatDefinesATable) {
  const auto [k, rows, shift] = GetParam();
  constexpr int64_t kFirst = 11;
  const auto entries = RandomVector<uint8_t>(rng_, rows << k, 1);
  const auto mask = RandomVector<uint16_t>(rng_, 203, k + shift);
  const auto keystream = RandomVector<uint8_t>(rng_, mask.size() << k >> 3, 8);
  std::vector<uint8_t> out = keystream;
  BitTables(View(entries, 1), k).Deal(View(mask, 16), kFirst, shift, out);
  EXPECT_EQ(out, reference::Correction(reference::LutValues(entries, k, mask, kFirst, shift),
                                       keystream, 1));
}

TEST_P(BitTable, ReadsTheBitThatIsAskedFor) {
  const int k = std::get<0>(GetParam());
  for (const int64_t n : {1, 63, 64, 200}) {
    const auto packed = RandomVector<uint8_t>(rng_, n << k >> 3, 8);
    const auto index = RandomVector<uint16_t>(rng_, n, k);
    // Between other bits, which stay as they are.
    std::vector<uint8_t> bytes(n / 8 + 2, 0xa5);
    const BitVector out(bytes.data(), n, 3), around(bytes.data(), 8 * bytes.size());
    ReadBitTables(packed, k, index, out);
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(out.At(i), reference::ReadBits(packed.data(), (i << k) + index[i], 1)) << i;
    for (const uint64_t i : {uint64_t{0}, uint64_t{2}, 3 + uint64_t(n), around.size() - 1})
      EXPECT_EQ(around.At(i), 0xa5 >> i % 8 & 1) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, BitTable,
                         testing::Combine(testing::Values(3, 4, 5, 6, 7, 8, 9, 11),
                                          testing::Values(1, 5), testing::Values(0, 4)));

}  // namespace
}  // namespace mpcc::kernels

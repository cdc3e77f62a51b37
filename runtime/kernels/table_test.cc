// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/table.h"

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/table_reference.h"

namespace mpcc::kernels {
namespace {

template <typename T>
class Tables : public ::testing::Test {
 protected:
  // Deals over a random keystream, and compares with values - keystream.
  template <typename Fn>
  void ExpectCorrection(const std::vector<T>& values, int l, Fn deal) {
    const auto keystream = RandomVector<uint8_t>(rng_, PackedBytes(values.size(), l), 8);
    std::vector<uint8_t> out = keystream;
    deal(std::span<uint8_t>(out));
    ASSERT_EQ(out, reference::Correction(values, keystream, l));
  }

  std::mt19937_64 rng_{13};
};
TYPED_TEST_SUITE(Tables, AllLanes);

TYPED_TEST(Tables, DealLutRotatesByTheHighBitsOfTheMask) {
  using T = TypeParam;
  ForEachTarget([&] {
    for (const int l : SomeWidths<T>()) {
      for (const int k : {1, 2, 3, 4, 6, 8, 11}) {
        for (const auto& [rows, shift] : {std::pair{1, 0}, {1, 3}, {5, 2}}) {
          SCOPED_TRACE(testing::Message() << "k=" << k << " l=" << l << " rows=" << rows);
          constexpr int64_t kFirst = 16;
          const auto entries = RandomVector<T>(this->rng_, rows << k, l);
          const auto mask = RandomVector<uint16_t>(this->rng_, 37, k + shift);
          const auto tables = RotatableTables::FromRows(View(entries, l), k);
          this->ExpectCorrection(reference::LutValues(entries, k, mask, kFirst, shift), l,
                                 [&, shift = shift](std::span<uint8_t> out) {
                                   DealLut(tables, View(mask, 16), kFirst, shift, out);
                                 });
        }
      }
    }
  });
}

TYPED_TEST(Tables, DealLut2RotatesRowsAndColumns) {
  using T = TypeParam;
  for (const int l : SomeWidths<T>()) {
    for (const auto& [k1, k2] : {std::pair{4, 4}, {1, 1}, {2, 5}, {3, 9}}) {
      SCOPED_TRACE(testing::Message() << "k1=" << k1 << " k2=" << k2 << " l=" << l);
      const auto table = RandomVector<T>(this->rng_, 1 << (k1 + k2), l);
      const auto mask_a = RandomVector<uint8_t>(this->rng_, 21, k1);
      VisitLane(k2, [&, k1 = k1, k2 = k2](auto tag) {
        const auto mask_b = RandomVector<typename decltype(tag)::type>(this->rng_, 21, k2);
        const auto tables = RotatableTables::FromRows(View(table, l), k2);
        this->ExpectCorrection(reference::Lut2Values(table, k1, k2, mask_a, mask_b), l,
                               [&](std::span<uint8_t> out) {
                                 DealLut2(tables, View(mask_a, k1), View(mask_b, k2), out);
                               });
      });
    }
  }
}

TYPED_TEST(Tables, SubPackedWorksAcrossChunks) {
  using T = TypeParam;
  ForEachTarget([&] {
    for (const int l : SomeWidths<T>()) {
      const auto values = RandomVector<T>(this->rng_, 20011, l);
      this->ExpectCorrection(values, l,
                             [&](std::span<uint8_t> out) { SubPacked(View(values, l), out); });
    }
  });
}

TEST(LutIndices, OpenedEntryOfTheDealtTableIsTheTablesEntry) {
  constexpr int kK = 6, kL = 11, kShift = 2;
  constexpr int64_t kElements = 50;
  std::mt19937_64 rng(17);
  const auto table = RandomVector<uint16_t>(rng, 1 << kK, kL);
  const auto x = RandomVector<uint8_t>(rng, kElements, kK),
             mask = RandomVector<uint8_t>(rng, kElements, 8);
  std::vector<uint8_t> m(kElements);
  for (int64_t e = 0; e < kElements; ++e) m[e] = (x[e] << kShift) + (mask[e] & ~3);
  std::vector<uint8_t> dealt(PackedBytes(kElements << kK, kL));
  DealLut(RotatableTables::FromRows(View(table, kL), kK), View(mask, 8), 0, kShift, dealt);
  std::vector<uint64_t> index(kElements);
  LutIndices(View(m, 8), {kK, kShift}, index);
  std::vector<uint16_t> read(kElements);
  UnpackAt(dealt, index, View(read, kL));
  for (int64_t e = 0; e < kElements; ++e) EXPECT_EQ(read[e], table[x[e]]);
}

TEST(LutIndices, TwoInputsMakeOneIndex) {
  const std::vector<uint8_t> ma = {3, 0};
  const std::vector<uint16_t> mb = {5, 7};
  uint64_t index[2];
  Lut2Indices(View(ma, 2), View(mb, 9), index);
  EXPECT_EQ(index[0], (3u << 9) + 5);
  EXPECT_EQ(index[1], (4u << 9) + 7);
}

}  // namespace
}  // namespace mpcc::kernels

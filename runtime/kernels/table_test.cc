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
  // Deals with a random keystream, apart and in place, and compares with values - keystream.
  template <typename Fn>
  void ExpectCorrection(const std::vector<T>& values, int l, Fn deal) {
    const auto keystream = RandomVector<uint8_t>(rng_, PackedBytes(values.size(), l), 8);
    const auto want = reference::Correction(values, keystream, l);
    std::vector<uint8_t> out(want.size());
    deal(keystream.data(), out.data());
    ASSERT_EQ(out, want);
    out = keystream;
    deal(out.data(), out.data());
    ASSERT_EQ(out, want);
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
          const auto tables = RotatableTables<T>::FromRows(entries.data(), rows, k);
          this->ExpectCorrection(reference::LutValues(entries, rows, k, mask, kFirst, shift), l,
                                 [&, shift = shift](const uint8_t* keystream, uint8_t* out) {
                                   DealLut(tables, mask.data(), kFirst, mask.size(), shift, l,
                                           keystream, out);
                                 });
        }
      }
    }
  });
}

TYPED_TEST(Tables, DealExpSplitsTheMask) {
  using T = TypeParam;
  for (const int l : SomeWidths<T>()) {
    for (const auto& [k, j] : {std::pair{4, 1}, {6, 2}, {8, 4}, {8, 0}, {10, 5}}) {
      SCOPED_TRACE(testing::Message() << "k=" << k << " j=" << j << " l=" << l);
      const auto f = RandomVector<T>(this->rng_, (1 << k) + (1 << j), l);
      const auto mask = RandomVector<uint16_t>(this->rng_, 40, k);
      const auto tables = RotatableTables<T>::FromExp(f.data(), k, j);
      this->ExpectCorrection(reference::ExpValues(f, k, j, mask), l,
                             [&, j = j](const uint8_t* keystream, uint8_t* out) {
                               DealExp(tables, mask.data(), 0, mask.size(), j, l, keystream, out);
                             });
    }
  }
}

TYPED_TEST(Tables, DealLut2RotatesRowsAndColumns) {
  using T = TypeParam;
  for (const int l : SomeWidths<T>()) {
    for (const auto& [k1, k2] : {std::pair{4, 4}, {1, 1}, {2, 5}, {3, 9}}) {
      SCOPED_TRACE(testing::Message() << "k1=" << k1 << " k2=" << k2 << " l=" << l);
      const auto table = RandomVector<T>(this->rng_, 1 << (k1 + k2), l);
      const auto mask_a = RandomVector<uint8_t>(this->rng_, 21, k1);
      const auto mask_b = RandomVector<uint16_t>(this->rng_, 21, k2);
      const auto tables = RotatableTables<T>::FromRows(table.data(), 1 << k1, k2);
      this->ExpectCorrection(reference::Lut2Values(table, k1, k2, mask_a, mask_b), l,
                             [&](const uint8_t* keystream, uint8_t* out) {
                               DealLut2(tables, mask_a.data(), mask_b.data(), 0, 21, l, keystream,
                                        out);
                             });
    }
  }
}

TYPED_TEST(Tables, SubPackedWorksAcrossChunks) {
  using T = TypeParam;
  ForEachTarget([&] {
    for (const int l : SomeWidths<T>()) {
      const auto values = RandomVector<T>(this->rng_, 20011, l);
      this->ExpectCorrection(values, l, [&](const uint8_t* keystream, uint8_t* out) {
        SubPacked(values.data(), keystream, values.size(), l, out);
      });
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
  std::vector<uint8_t> zeros(PackedBytes(kElements << kK, kL)), dealt(zeros.size());
  DealLut(RotatableTables<uint16_t>::FromRows(table.data(), 1, kK), mask.data(), 0, kElements,
          kShift, kL, zeros.data(), dealt.data());
  std::vector<uint64_t> index(kElements);
  LutIndices(m.data(), 0, kElements, kShift, kK, index.data());
  std::vector<uint16_t> read(kElements);
  UnpackAt(dealt.data(), index, kL, read.data());
  for (int64_t e = 0; e < kElements; ++e) EXPECT_EQ(read[e], table[x[e]]);
}

TEST(LutIndices, TwoInputsMakeOneIndex) {
  const uint8_t ma[] = {3, 0};
  const uint16_t mb[] = {5, 7};
  uint64_t index[2];
  Lut2Indices(ma, mb, 10, 2, 2, 4, index);
  EXPECT_EQ(index[0], 10u * 64 + 3 * 16 + 5);
  EXPECT_EQ(index[1], 11u * 64 + 7);
}

TEST(Gather, ReadsAtTheLowBits) {
  const uint32_t table[] = {7, 8, 9, 10};
  const uint8_t m[] = {5, 0, 3};
  uint32_t out[3];
  Gather(table, m, 3, 2, out);
  EXPECT_THAT(out, ::testing::ElementsAre(8, 7, 10));
}

}  // namespace
}  // namespace mpcc::kernels

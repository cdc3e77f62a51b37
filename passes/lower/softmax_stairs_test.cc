// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/softmax_stairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace mpcc {
namespace {

// Levels are read by one digit at the top: it is as narrow as they let it be, since it is dealt
// once for each score.
TEST(SoftmaxLevels, AreReadByCellsThatEachBeginWithALevel) {
  const LoweringPolicy policy;
  for (const int bits : {4, 8})
    for (const int row : {16, 128, 512}) {
      const SoftmaxWidths w = WidthsForSoftmax(policy, bits, row);
      ASSERT_GT(w.levels, 1);
      const int64_t level = StepsOf(w, w.level_octaves), ring = int64_t{1} << w.index;
      ASSERT_TRUE(std::has_single_bit(static_cast<uint64_t>(level)));
      EXPECT_EQ(ReachesLevel(w, 1).size(), static_cast<size_t>(ring / level)) << bits << " " << row;
    }
}

void ExpectLevels(const SoftmaxWidths& w) {
  const int64_t ring = int64_t{1} << w.index, level = StepsOf(w, w.level_octaves);
  const int64_t end = StepsOf(w, LargestScore(w) + w.lowest_maximum);
  for (int l = 1; l < w.levels; ++l) {
    const auto reaches = ReachesLevel(w, l);
    ASSERT_GT(std::ranges::count(reaches, 1), 0) << l;
    const auto at = [&](int64_t x) {
      const int64_t number = (x + LevelShift(w)) & (ring - 1);
      return reaches[number / (ring / static_cast<int64_t>(reaches.size()))];
    };
    for (int64_t x = 0; x < end; ++x) {
      ASSERT_EQ(at(x), x >= l * level) << l << " " << x;
      ASSERT_EQ(at(x + ring / 2), 0) << l << " " << x;
    }
  }
}

// Every score, also moved by half of the ring, as masks move them.
TEST(SoftmaxLevels, AreReachedFromTheirLowerEndOnByWhatIsNotMasked) {
  for (const int digits : {1, 2, 3})
    for (const int high_bits : {5, 6, 7, 8})
      for (const int lowest : {0, 1, 8})
        for (const int row : {1, 2, 16, 128}) {
          LoweringPolicy policy;
          policy.softmax.lowest_maximum = lowest;
          for (SoftmaxResolution* r : {&policy.softmax.wide, &policy.softmax.narrow}) {
            r->level_digits = digits;
            r->high_bits = high_bits;
          }
          for (const int bits : {4, 8}) {
            SCOPED_TRACE(testing::Message() << digits << " " << high_bits << " " << lowest << " "
                                            << row << " " << bits);
            ExpectLevels(WidthsForSoftmax(policy, bits, row));
          }
        }
}

}  // namespace
}  // namespace mpcc

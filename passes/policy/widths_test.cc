// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/widths.h"

#include <gtest/gtest.h>

#include "passes/policy/softmax_widths.h"

namespace mpcc {
namespace {

const LoweringPolicy kDefault;

LoweringPolicy Paper() {
  LoweringPolicy policy;
  policy.kind = LoweringKind::kPaper;
  return policy;
}

TEST(Policy, AccumulatorRingsAreTheSmallestThatHoldEverySum) {
  EXPECT_EQ(AccumulatorRing(3, 0, 768), 16u);
  EXPECT_EQ(AccumulatorRing(5, 0, 1024), 16u);
  EXPECT_EQ(AccumulatorRing(5, 0, 1025), 32u);
  EXPECT_EQ(AccumulatorRing(8, 7, 65536), 32u);
  EXPECT_EQ(AccumulatorRing(8, 7, 65537), 64u);
  EXPECT_EQ(AccumulatorRing(31, 32, 1), 64u);
  EXPECT_EQ(AccumulatorRing(31, 32, 2), 0u);
}

TEST(Policy, ComputedProductsHaveRoomForTheUnitThatIsAskedFor) {
  EXPECT_EQ(ComputedProductRing(kDefault, 4), 16u);
  EXPECT_EQ(ComputedProductRing(kDefault, 5), 32u);
  EXPECT_EQ(ComputedProductRing(kDefault, 10), 32u);
  EXPECT_EQ(ComputedProductRing(kDefault, 11), 64u);
  EXPECT_EQ(ComputedProductRing(Paper(), 16), 16u);
}

TEST(Policy, MagnitudesFollowFromTheTypeAlone) {
  EXPECT_EQ(PublicMagnitude(kDefault, 4, /*is_signed=*/true), 3);
  EXPECT_EQ(PublicMagnitude(kDefault, 4, /*is_signed=*/false), 4);
  // Above table_bits a zero point may be anything.
  EXPECT_EQ(PublicMagnitude(kDefault, 8, /*is_signed=*/true), 8);
  EXPECT_EQ(PublicMagnitude(kDefault, 8, /*is_signed=*/false), 8);
}

TEST(Policy, IndicesHoldTheActivationItsHeadroomAndItsFraction) {
  for (int bits = 2; bits <= 16; ++bits) {
    const int magnitude = PublicMagnitude(kDefault, bits, /*is_signed=*/true);
    const ActivationWidths widths = WidthsForActivation(kDefault, bits, magnitude);
    EXPECT_EQ(widths.table, bits <= kDefault.table_bits) << bits;
    EXPECT_GE(widths.magnitude, magnitude) << bits;
    const int fraction = widths.table ? 0 : kDefault.fraction_bits;
    EXPECT_GT(widths.index, widths.magnitude + fraction) << bits;
  }
}

TEST(Policy, SoftmaxFitsItsRingsForRowsOfAnyLength) {
  for (int bits : {2, 4, 8, 16}) {
    for (int64_t row = 1; row <= kDefault.softmax.longest_row; row *= 2) {
      const SoftmaxWidths w = WidthsForSoftmax(kDefault, bits, row);
      EXPECT_LE(w.sum_ring, 64) << bits << " bits, rows of " << row;
      EXPECT_GT(int64_t{1} << w.count_ring, row);
      // The windows reach from the greatest sum to the least.
      EXPECT_GE(w.windows.levels * w.windows.gap, w.sum_ring - w.fraction);
      // A row's largest score has a level, and masked positions stay out of all of them.
      EXPECT_LE(LargestScore(w) + w.lowest_maximum, w.levels * w.level_octaves);
      EXPECT_GT(w.HalfOctaves(), 2 * LargestScore(w));
    }
  }
}

}  // namespace
}  // namespace mpcc

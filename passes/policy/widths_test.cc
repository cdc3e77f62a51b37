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

TEST(Policy, RingsOfTheSourceDesignAreLanesThatHoldEverySum) {
  EXPECT_EQ(LinearRing(Paper(), {3, 0, 768, 4, 7}), 16);
  EXPECT_EQ(LinearRing(Paper(), {5, 0, 1024, 4, 7}), 16);
  EXPECT_EQ(LinearRing(Paper(), {5, 0, 1025, 4, 7}), 32);
  EXPECT_EQ(LinearRing(Paper(), {8, 7, 65537, 4, 7}), 64);
  EXPECT_EQ(LinearRing(Paper(), {31, 32, 2, 4, 7}), 0);
  EXPECT_EQ(ComputedProductRing(Paper(), 16, {}), 16);
}

TEST(Policy, RingsFollowFromWhatIsReadOfASum) {
  // Of an index, bits below it for rounded constants, and some.
  EXPECT_EQ(LinearRing(kDefault, {3, 0, 768, 7, 5}), 16);
  EXPECT_EQ(LinearRing(kDefault, {8, 7, 384, 11, 7}), 27);
  // Of a row, no more than all products.
  EXPECT_EQ(LinearRing(kDefault, {3, 0, 768, 16, 0}), 16);
  EXPECT_EQ(LinearRing(kDefault, {8, 7, 768, 16, 0}), 25);
  EXPECT_EQ(LinearRing(kDefault, {1, 0, 4, 48, 7}), 55);
  EXPECT_EQ(LinearRing(kDefault, {8, 7, 384, 60, 7}), 0);
}

TEST(Policy, ComputedProductsHaveRoomForTheUnitThatIsAskedFor) {
  EXPECT_EQ(ComputedProductRing(kDefault, 4, {.width = 7, .fold = 7}), 18);
  EXPECT_EQ(ComputedProductRing(kDefault, 4, {.width = 14}), 22);
  EXPECT_EQ(ComputedProductRing(kDefault, 8, {.width = 16}), 32);
  EXPECT_EQ(ComputedProductRing(kDefault, 16, {.width = 40}), 0);
}

TEST(Policy, LinesHaveRoomForTheirOperandAndAFactor) {
  for (int bits = 2; bits <= 16; ++bits)
    for (int fraction : {4, 11, 14})
      EXPECT_GT(LinesRing(kDefault, bits, fraction),
                LinesIndexBits(kDefault, bits) + fraction + SlopeBits(bits));
  EXPECT_EQ(LinesRing(kDefault, 8, 11), 32);
}

TEST(Policy, MagnitudesFollowFromTheTypeAlone) {
  EXPECT_EQ(PublicMagnitude(kDefault, 4, /*is_signed=*/true), 3);
  EXPECT_EQ(PublicMagnitude(kDefault, 4, /*is_signed=*/false), 4);
  // Above table_bits a zero point may be anything.
  EXPECT_EQ(PublicMagnitude(kDefault, 8, /*is_signed=*/true), 8);
  EXPECT_EQ(PublicMagnitude(kDefault, 8, /*is_signed=*/false), 8);
}

TEST(Policy, IndicesSaturateBeyondTheQuantizer) {
  for (int bits = 2; bits <= 16; ++bits)
    EXPECT_EQ(ValueIndexBits(kDefault, bits), bits + kDefault.headroom_bits);
  EXPECT_EQ(ValueIndexBits(Paper(), 8), 4);
  EXPECT_EQ(NormIndexBits(kDefault, 4), 8);
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

TEST(Policy, ABoundOfScoresIsUsedWhereItPays) {
  LoweringPolicy policy;
  policy.softmax.bound = 5.5;
  const int64_t longer = policy.softmax.table_row + 1;
  EXPECT_EQ(WidthsForSoftmax(policy, 8, longer).bound, 8);
  EXPECT_EQ(WidthsForSoftmax(policy, 8, longer - 1).bound, 0);
  EXPECT_EQ(WidthsForSoftmax(policy, 4, longer).bound, 0);
  policy.softmax.bound = 5.6;
  EXPECT_EQ(WidthsForSoftmax(policy, 8, longer).bound, 0);
}

}  // namespace
}  // namespace mpcc

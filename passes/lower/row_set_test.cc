// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/row_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpcc {
namespace {

using ::testing::ElementsAre;

const RowSet kRow{{-1, 0, 2, -8}, {1, 5, 3, -4}, std::nullopt, std::nullopt};

TEST(RowSet, MagnitudeIsOfTheFartherEnd) {
  EXPECT_EQ(kRow.Magnitude(0), 1);
  EXPECT_EQ(kRow.Magnitude(3), 8);
  EXPECT_EQ(kRow.Magnitude(), 8);
  EXPECT_EQ(Between(-2, 1).Magnitude(17), 2) << "one entry stands for all columns";
}

TEST(RowSet, UniformHoldsAllColumns) {
  const RowSet all = Uniform(kRow);
  EXPECT_THAT(all.low, ElementsAre(-8));
  EXPECT_THAT(all.high, ElementsAre(5));
}

TEST(RowSet, PiecesOfARowTakeTheEndsOfAllPieces) {
  const RowSet halves = Moved(kRow, 4, 2);
  EXPECT_THAT(halves.low, ElementsAre(-1, -8));
  EXPECT_THAT(halves.high, ElementsAre(3, 5));
}

TEST(RowSet, CopiesOfARowRepeatItsEnds) {
  const RowSet twice = Moved(kRow, 4, 8);
  EXPECT_THAT(twice.low, ElementsAre(-1, 0, 2, -8, -1, 0, 2, -8));
  EXPECT_THAT(twice.high, ElementsAre(1, 5, 3, -4, 1, 5, 3, -4));
}

TEST(RowSet, RowsThatMixAllColumnsAreUniform) {
  EXPECT_THAT(Moved(kRow, 4, 3).low, ElementsAre(-8));
  EXPECT_THAT(Moved(kRow, 4, 4).high, ElementsAre(1, 5, 3, -4));
}

TEST(RowSet, EndsFollowTheOperation) {
  const RowSet b = Between(-3, 2);
  EXPECT_THAT(ByColumn(kRow, b, SumOf).low, ElementsAre(-4, -3, -1, -11));
  EXPECT_THAT(ByColumn(kRow, b, DifferenceOf).high, ElementsAre(4, 8, 6, -1));
  EXPECT_THAT(ByColumn(kRow, b, ProductOf).low, ElementsAre(-3, -15, -9, -16));
  EXPECT_THAT(ByColumn(kRow, b, ProductOf).high, ElementsAre(3, 10, 6, 24));
  EXPECT_THAT(ByColumn(kRow, b, BothOf).low, ElementsAre(-1, 0, 2, -3));
  EXPECT_THAT(ByColumn(kRow, b, HullOf).high, ElementsAre(2, 5, 3, 2));
}

TEST(RowSet, AFunctionOfEachColumnForgetsWhatHeldOfTheWholeRow) {
  RowSet x = kRow;
  x.sum = 4;
  const RowSet negated = Each(x, [](double low, double high) { return Ends{-high, -low}; });
  EXPECT_THAT(negated.low, ElementsAre(-1, -5, -3, 4));
  EXPECT_THAT(negated.high, ElementsAre(1, 0, -2, 8));
  EXPECT_FALSE(negated.sum.has_value());
}

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpcc {
namespace {

using ::testing::ElementsAre;

TEST(Cost, AResharePacksEachVectorToWholeBytesBothWays) {
  const PackedVector vectors[] = {{3, 5}, {1, 4}};
  const Cost cost = ExchangeCost(Operation::kReshare, vectors);
  EXPECT_EQ(cost, (Cost{1, 1, 1, 3, 3, 0, 0}));
}

TEST(Cost, InputAndRevealGoOneWay) {
  const PackedVector vectors[] = {{16, 16}};
  EXPECT_EQ(ExchangeCost(Operation::kInput, vectors), (Cost{1, 1, 0, 32, 0, 0, 0}));
  EXPECT_EQ(ExchangeCost(Operation::kReveal, vectors), (Cost{1, 0, 1, 0, 32, 0, 0}));
}

TEST(Cost, ATableCostsTwoToTheIndexWidthPerElement) {
  EXPECT_THAT(DealtVectors(Operation::kLut, 10, 16, 6), ElementsAre(PackedVector{640, 16}));
  EXPECT_THAT(DealtVectors(Operation::kWrap, 10, 11),
              ElementsAre(PackedVector{10, 11}, PackedVector{10, 11}));
}

TEST(Cost, MaterialIsAlignedToEightBytes) {
  const PackedVector vectors[] = {{3, 5}, {64, 1}, {9, 8}};
  EXPECT_EQ(DealtCost(vectors).material_bytes, 8u + 8u + 16u);
}

TEST(Cost, ProductSubsetsBroadcastOnlyTheirOwnFactors) {
  const Shape factors[] = {{2, 8}, {2, 1}};
  EXPECT_THAT(ProductSubsetShapes(factors, std::nullopt),
              ElementsAre(Shape{2, 8}, Shape{2, 1}, Shape{2, 8}));
  EXPECT_THAT(ProductSubsetShapes(factors, Shape{8}),
              ElementsAre(Shape{8}, Shape{2, 8}, Shape{2, 8}, Shape{2, 8}));
}

TEST(Cost, ShapesThatDoNotBroadcastAreRefused) {
  EXPECT_EQ(BroadcastShape(Shape{2, 3}, Shape{2}), std::nullopt);
  EXPECT_EQ(BroadcastShape(Shape{4, 1, 3}, Shape{2, 1}), (Shape{4, 2, 3}));
}

}  // namespace
}  // namespace mpcc

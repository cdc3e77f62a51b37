// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/ring_vector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "runtime/base/shape.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;

TEST(RingVector, KnowsTheLaneOfItsWidth) {
  for (int width = 1; width <= kMaxRingBits; ++width) {
    std::vector<uint64_t> memory(3);
    const RingVector v(reinterpret_cast<uint8_t*>(memory.data()), 3, width);
    EXPECT_EQ(v.bytes().size(), 3u * LaneBytes(width));
    VisitLanes([&](auto lanes) { EXPECT_EQ(sizeof(lanes[0]), size_t(LaneBytes(width))); }, v);
  }
}

TEST(RingVector, SlicesShareTheElements) {
  std::vector<uint16_t> lanes = {1, 2, 3, 4, 5};
  const RingVector v(std::span<uint16_t>(lanes), 11);
  v.Slice(1, 3).As<uint16_t>()[2] = 9;
  EXPECT_THAT(lanes, ElementsAre(1, 2, 3, 9, 5));
  const ConstRingVector read = v;
  EXPECT_EQ(read.Slice(3, 1).As<uint16_t>()[0], 9);
  EXPECT_TRUE(v.Slice(5, 0).empty());
}

TEST(RingVector, HoldsFloatsOfItsLane) {
  std::vector<float> values = {1.5f};
  const ConstRingVector v(std::span<const float>(values), 32);
  EXPECT_EQ(v.As<float>()[0], 1.5f);
}

TEST(RingVector, VisitsSeveralVectorsOfOneLane) {
  const std::vector<uint8_t> a = {1, 2}, b = {3, 4};
  std::vector<uint8_t> out(2);
  VisitLanes(
      [](auto x, auto y, auto to) {
        for (size_t i = 0; i < to.size(); ++i) to[i] = x[i] * y[i];
      },
      ConstRingVector(std::span(a), 5), ConstRingVector(std::span(b), 7),
      RingVector(std::span(out), 8));
  EXPECT_THAT(out, ElementsAre(3, 8));
}

TEST(Shape, BroadcastsLikeNumpy) {
  EXPECT_EQ(BroadcastShape(Shape{2, 1, 4}, Shape{3, 1}), (Shape{2, 3, 4}));
  EXPECT_EQ(BroadcastShape(Shape{}, Shape{5}), Shape{5});
  EXPECT_EQ(BroadcastShape(Shape{2}, Shape{3}), std::nullopt);
  EXPECT_EQ(ElementCount(Shape{}), 1u);
  EXPECT_EQ(ElementCount(Shape{2, 3}), 6u);
}

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/ring.h"

#include <gtest/gtest.h>

namespace mpcc {
namespace {

static_assert(std::is_same_v<Lane<1>, uint8_t> && std::is_same_v<Lane<8>, uint8_t>);
static_assert(std::is_same_v<Lane<9>, uint16_t> && std::is_same_v<Lane<16>, uint16_t>);
static_assert(std::is_same_v<Lane<17>, uint32_t> && std::is_same_v<Lane<32>, uint32_t>);
static_assert(std::is_same_v<Lane<33>, uint64_t> && std::is_same_v<Lane<64>, uint64_t>);

TEST(Ring, MaskHasExactlyTheLowBitsSet) {
  EXPECT_EQ(Mask(1), 1u);
  EXPECT_EQ(Mask(4), 0xFu);
  EXPECT_EQ(Mask(63), ~uint64_t{0} >> 1);
  EXPECT_EQ(Mask(64), ~uint64_t{0});
}

TEST(Ring, OnlyOneToSixtyFourBitsAreRings) {
  EXPECT_FALSE(IsRing(0));
  EXPECT_TRUE(IsRing(1));
  EXPECT_TRUE(IsRing(64));
  EXPECT_FALSE(IsRing(65));
}

TEST(Ring, PackedBytesRoundsTheBitCountUp) {
  for (int l = 1; l <= 64; ++l) {
    for (uint64_t n = 0; n < 40; ++n) {
      EXPECT_EQ(PackedBytes(n, l), (n * l + 7) / 8) << "n=" << n << " l=" << l;
    }
  }
}

TEST(Ring, PackedBytesDoesNotOverflowInTheBitCount) {
  EXPECT_EQ(PackedBytes(uint64_t{1} << 60, 64), uint64_t{1} << 63);
}

TEST(Ring, SignedReadsTwosComplement) {
  EXPECT_EQ(Signed(0xF, 4), -1);
  EXPECT_EQ(Signed(0x7, 4), 7);
  EXPECT_EQ(Signed(0x8, 4), -8);
  EXPECT_EQ(Signed(1, 1), -1);
  EXPECT_EQ(Signed(~uint64_t{0}, 64), -1);
}

TEST(Ring, SignedIgnoresHighBitsAndReduceUndoesIt) {
  EXPECT_EQ(Signed(0xABC8, 4), -8);
  for (int l = 1; l <= 64; ++l) {
    const uint64_t x = 0x9E3779B97F4A7C15u & Mask(l);
    EXPECT_EQ(Reduce(static_cast<uint64_t>(Signed(x, l)), l), x) << l;
  }
}

TEST(Ring, VisitLanePicksTheLaneType) {
  for (int l = 1; l <= 64; ++l) {
    const size_t bytes =
        VisitLane(l, [](auto tag) { return sizeof(typename decltype(tag)::type); });
    EXPECT_EQ(bytes, static_cast<size_t>(LaneBytes(l)));
    EXPECT_LE(l, LaneBytes(l) * 8);
    EXPECT_EQ(LaneVectorBytes(3, l), 3u * LaneBytes(l));
  }
}

}  // namespace
}  // namespace mpcc

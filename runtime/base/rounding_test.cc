// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/rounding.h"

#include <gtest/gtest.h>

namespace mpcc {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Rounding, TheRingsBoundsHoldAfterRounding) {
  EXPECT_EQ(RoundToRing(126.5, 8), 126);
  EXPECT_EQ(RoundToRing(127.4, 8), 127);
  EXPECT_EQ(RoundToRing(127.5, 8), 127);  // 128 would be -128 in the ring
  EXPECT_EQ(RoundToRing(kInfinity, 8), 127);
  EXPECT_EQ(RoundToRing(-128.4, 8), -128);
  EXPECT_EQ(RoundToRing(-kInfinity, 8), -128);
  EXPECT_EQ(RoundToRing(0.6, 1), 0);
  EXPECT_EQ(RoundToRing(-0.6, 1), -1);
  EXPECT_EQ(RoundToRing(std::nan(""), 8), 0);
  EXPECT_EQ(RoundToRing(9.3e18, 64), INT64_MAX);
  EXPECT_EQ(RoundToRing(-9.3e18, 64), INT64_MIN);
}

TEST(Rounding, CastsTruncateAndSaturate) {
  EXPECT_EQ(TruncateToInt(2.9), 2);
  EXPECT_EQ(TruncateToInt(-2.9), -2);
  EXPECT_EQ(TruncateToInt(kInfinity), INT64_MAX);
  EXPECT_EQ(TruncateToInt(std::ldexp(1.0, 63)), INT64_MAX);
  EXPECT_EQ(TruncateToInt(-std::ldexp(1.0, 63)), INT64_MIN);
  EXPECT_EQ(TruncateToInt(std::nan("")), 0);
}

}  // namespace
}  // namespace mpcc

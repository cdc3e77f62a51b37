// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "passes/policy/policy.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;

int64_t Identity(double x) { return std::llrint(x); }

TEST(Quantizer, RoundsHalfToEvenAndSaturates) {
  const Quantizer q{.scale = 0.5, .low = -2, .high = 3};
  EXPECT_EQ(q.Apply(0.25), 0);
  EXPECT_EQ(q.Apply(0.75), 2);
  EXPECT_EQ(q.Apply(-0.75), -2);
  EXPECT_EQ(q.Apply(100), 3);
  EXPECT_EQ(q.Apply(-INFINITY), -2);
}

TEST(Quantizer, ReachesToItsFartherBound) {
  EXPECT_EQ((Quantizer{.scale = 0.5, .low = -2, .high = 3}.Reach()), 1.5);
  EXPECT_EQ((Quantizer{.scale = 0.5, .low = -8, .high = 7}.Reach()), 4.0);
}

TEST(Tables, IndicesAreReadAsSignedOrUnsigned) {
  EXPECT_THAT(Tabulate(3, 1, Identity), ElementsAre(0, 1, 2, 3, -4, -3, -2, -1));
  EXPECT_THAT(Tabulate(2, 1, Identity, /*is_unsigned=*/true), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(Tabulate(2, 10, Identity), ElementsAre(0, 10, -20, -10));
}

// What the windows of a number of `bits` bits give: the first level whose index is large enough
// decides (mpc.leading_lut).
int64_t ReadWindows(int64_t x, int bits, const WindowWidths& w,
                    const std::vector<int64_t>& values) {
  const int64_t size = int64_t{1} << w.index;
  for (int64_t t = 0;; ++t) {
    const int64_t u = (x >> (bits - w.index - t * w.gap)) % size;
    if (u >= size >> w.gap || (t + 1) * size == static_cast<int64_t>(values.size()))
      return values[t * size + u];
  }
}

TEST(Tables, WindowsReadTheMiddleOfWhatHasTheSameLeadingBits) {
  const WindowWidths w{.levels = 3, .index = 6, .gap = 3};
  const std::vector<int64_t> values = WindowValues(12, w, Identity);
  for (int64_t x = 0; x < int64_t{1} << 12; ++x)
    ASSERT_LE(std::abs(ReadWindows(x, 12, w, values) - x), (x >> (w.index - w.gap)) / 2 + 1);
}

TEST(Tables, WindowsHaveNothingBelowTheIndexAtWhichTheyDecide) {
  EXPECT_THAT(WindowValues(3, {.levels = 2, .index = 2, .gap = 1}, Identity),
              ElementsAre(0, 0, 5, 7, 0, 1, 2, 3));
}

TEST(Tables, WindowsBelowTheNumberAreLeftOut) {
  EXPECT_THAT(WindowValues(3, {.levels = 5, .index = 2, .gap = 2}, Identity),
              ElementsAre(1, 3, 5, 7));
}

TEST(Tables, NumbersBelowAllWindowsAreReadByTheLast) {
  const WindowWidths w{.levels = 2, .index = 6, .gap = 3};
  const TableFunction plus = [](double x) { return Identity(x) + 1000; };
  EXPECT_EQ(ReadWindows(0, 12, w, WindowValues(12, w, plus)), 1004);
  EXPECT_EQ(ReadWindows(17, 12, w, WindowValues(12, w, plus)), 1020);
}

// Of the variances of rows that use all to 2^-7 of their range, 7 leading bits are read; of smaller
// ones fewer.
TEST(Tables, ReciprocalRootsArePreciseOverManyOctaves) {
  const LoweringPolicy policy;
  const int bits = 48, precise = 3 * policy.norm_windows.gap;
  const double numerator = 768 * std::ldexp(1.0, 23);
  const std::vector<int64_t> values = WindowValues(bits, policy.norm_windows, Rsqrt(numerator));
  for (double v = std::ldexp(1.0, bits) - 1; v > 2; v *= 0.9993) {
    const auto x = static_cast<int64_t>(v);
    const double exact = numerator / std::sqrt(static_cast<double>(x));
    const auto read = static_cast<double>(ReadWindows(x, bits, policy.norm_windows, values));
    const int below = std::max(0, bits - precise - std::ilogb(v));
    const double error = std::abs(read / exact - 1);
    if (below < 7) {
      ASSERT_LE(error, std::ldexp(1.1, below - 9)) << x;
    }
    ASSERT_LE(read, exact * 2) << "a row of small numbers does not wrap: " << x;
  }
}

}  // namespace
}  // namespace mpcc

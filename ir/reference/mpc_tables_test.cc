// SPDX-License-Identifier: Apache-2.0
// Rounding, wrap counts and tables on components: exact where the protocol is, and where it rounds
// at random never further than one step and right in the mean.
#include <gtest/gtest.h>

#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/reference/mpc_test_util.h"
#include "runtime/base/ring.h"

namespace mpcc::reference {
namespace {

std::string Unary(const std::string& from, const std::string& to, const std::string& body) {
  return fmt::format("func.func @main(%x: {0}) -> {1} {{\n{2}\n  return %r : {1}\n}}\n", from, to,
                     body);
}

// floor((x + 2^s) / 2^s) or one less; the higher with probability (x mod 2^s + 1) / 2^s.
TEST(MpcTables, ExtractRoundsToANeighbourAndRightInTheMean) {
  Random random(1);
  constexpr int64_t kCount = 4096;
  for (auto [l, k] : {std::pair(16, 4), {16, 12}, {9, 8}, {64, 5}, {33, 32}, {5, 1}}) {
    const int shift = l - k;
    Program program(
        Unary(ShareText("add", {kCount}, l), ShareText("add", {kCount}, k),
              fmt::format("  %r = mpc.extract %x : {} -> {}", ShareText("add", {kCount}, l),
                          ShareText("add", {kCount}, k))));
    for (int trial = 0; trial < 10; ++trial) {
      const uint64_t x = RandomRing(random, 1, l)[0];
      const Ring out = program.RunRandom({TensorOf({kCount}, Ring(kCount, x))}, trial);
      const uint64_t floor = Reduce(x >> shift, k);
      double ups = 0;
      for (uint64_t y : out) {
        ASSERT_TRUE(y == floor || y == Reduce(floor + 1, k));
        ups += y != floor;
      }
      const double p = std::ldexp(static_cast<double>(Reduce(x, shift)), -shift);
      EXPECT_NEAR(ups / kCount, p, 5 * std::sqrt(p * (1 - p) / kCount) + 1e-9) << x;
    }
  }
}

TEST(MpcTables, ExtractOfAllBitsChangesNothing) {
  Program program(Unary("!mpc.add<3, 7>", "!mpc.add<3, 7>",
                        "  %r = mpc.extract %x : !mpc.add<3, 7> -> !mpc.add<3, 7>"));
  EXPECT_EQ(program.RunRandom({TensorOf({3}, Ring{0, 5, 127})}, 1), (Ring{0, 5, 127}));
}

TEST(MpcTables, WrapAndJoinWidenExactlyInEveryRing) {
  Random random(2);
  constexpr int64_t kCount = 512;
  for (int l = 2; l <= 63; ++l)
    for (int r : {1, (64 - l + 1) / 2, 64 - l}) {
      const std::string rss = ShareText("rss", {kCount}, l), add = ShareText("add", {kCount}, r);
      const std::string wraps = ShareText("rss", {kCount}, r);
      const std::string wide = ShareText("rss", {kCount}, l + r);
      Program program(Unary(rss, wide,
                            fmt::format("  %0 = mpc.wrap %x : {0} -> {1}\n"
                                        "  %1 = mpc.reshare %0 : {1} -> {2}\n"
                                        "  %r = mpc.join %x, %1 : ({0}, {2}) -> {3}",
                                        rss, add, wraps, wide)));
      Ring x = RandomRing(random, kCount, l - 1);
      x[0] = 0;
      x[1] = Mask(l - 1);
      EXPECT_EQ(program.RunRandom({TensorOf({kCount}, x)}, l * 64 + r), x) << l << " " << r;
    }
}

TEST(MpcTables, LutWithoutShiftIsExactAndTakesARowPerColumn) {
  Random random(3);
  for (int k = 1; k <= 9; ++k)
    for (int64_t rows : {1, 3}) {
      const int l2 = RandomIntegers(random, 1, 1, 64)[0];
      const int64_t entries = int64_t{1} << k;
      const Ring table = RandomRing(random, rows * entries, l2), x = RandomRing(random, 60, k);
      const std::string in = ShareText("rss", {20, 3}, k), out = ShareText("add", {20, 3}, l2);
      Program program(
          Unary(in, out,
                fmt::format("  %t = {}\n  %r = mpc.lut %x, %t {{shift = 0 : i64}} : ({}, {}) -> {}",
                            ConstantText({rows, entries}, l2, table), in,
                            ShareText("private", {rows, entries}, l2), out)));
      Ring expected(60);
      for (size_t e = 0; e < 60; ++e) expected[e] = table[e % rows * entries + x[e]];
      EXPECT_EQ(program.RunRandom({TensorOf({20, 3}, x)}, k), expected);
    }
}

TEST(MpcTables, ShiftedLutReadsANeighbourAndRightInTheMean) {
  Random random(4);
  constexpr int64_t kCount = 4096;
  constexpr int kBits = 5, kShift = 6, kWidth = 14;  // the window ends below the top of the ring
  const Ring identity = [] {
    Ring table(1 << kBits);
    for (size_t i = 0; i < table.size(); ++i) table[i] = i;
    return table;
  }();
  const std::string in = ShareText("rss", {kCount}, kWidth), out = ShareText("add", {kCount}, 5);
  Program program(
      Unary(in, out,
            fmt::format("  %t = {}\n  %r = mpc.lut %x, %t {{shift = {} : i64}} : ({}, {}) -> {}",
                        ConstantText({1, 32}, 5, identity), kShift, in,
                        ShareText("private", {1, 32}, 5), out)));
  for (int trial = 0; trial < 20; ++trial) {
    const uint64_t x = RandomRing(random, 1, kWidth)[0];
    const Ring y = program.RunRandom({TensorOf({kCount}, Ring(kCount, x))}, trial);
    const uint64_t floor = Reduce(x >> kShift, kBits);
    double ups = 0;
    for (uint64_t e : y) {
      ASSERT_TRUE(e == floor || e == Reduce(floor + 1, kBits));
      ups += e != floor;
    }
    const double p = std::ldexp(static_cast<double>(Reduce(x, kShift)), -kShift);
    EXPECT_NEAR(ups / kCount, p, 5 * std::sqrt(p * (1 - p) / kCount) + 1e-9);
  }
}

TEST(MpcTables, TwoInputLutBroadcastsTheSecondIndex) {
  Random random(5);
  for (int trial = 0; trial < 20; ++trial) {
    const int k1 = RandomIntegers(random, 1, 1, 5)[0], k2 = RandomIntegers(random, 1, 1, 5)[0];
    const int64_t entries = int64_t{1} << (k1 + k2);
    const Ring table = RandomRing(random, entries, 11);
    const Ring a = RandomRing(random, 12, k1), b = RandomRing(random, 3, k2);
    const std::string ta = ShareText("rss", {3, 4}, k1), tb = ShareText("rss", {3, 1}, k2);
    Program program(fmt::format(
        "func.func @main(%a: {0}, %b: {1}) -> !mpc.add<3x4, 11> {{\n  %t = {2}\n"
        "  %r = mpc.lut2 %a, %b, %t : ({0}, {1}, {3}) -> !mpc.add<3x4, 11>\n"
        "  return %r : !mpc.add<3x4, 11>\n}}",
        ta, tb, ConstantText({entries}, 11, table), ShareText("private", {entries}, 11)));
    Ring expected(12);
    for (int e = 0; e < 12; ++e) expected[e] = table[(a[e] << k2) + b[e / 4]];
    EXPECT_EQ(program.RunRandom({TensorOf({3, 4}, a), TensorOf({3, 1}, b)}, trial), expected);
  }
}

}  // namespace
}  // namespace mpcc::reference

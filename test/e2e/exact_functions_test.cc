// SPDX-License-Identifier: Apache-2.0
// Staircases, saturations and functions of leading bits: every number, or the ends of every length.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/e2e/exact_program.h"

namespace mpcc {
namespace {

// Every number of a ring, read by two digits, with cells that begin anywhere.
TEST_F(ExactTest, StaircasesOfEveryNumber) {
  const llvm::SmallVector<int64_t> shape{16, 64};
  Numbers x;
  for (int i = -512; i < 512; ++i) x.push_back(static_cast<float>(i));
  const std::pair<std::vector<int64_t>, std::vector<int64_t>> functions[] = {
      {{-3, 40, 41, 130, 200}, {1, 7, 2, 9, 0}},
      {{500, 520, 530}, {6, 1, 0}},  // across the ends of the ring
      {{0, 256}, {1, 0}},
  };
  for (const auto& [starts, values] : functions) {
    for (const auto& [digit, origin, by_bits, cuts_top] : {std::tuple(5, 0, false, false),
                                                           {4, 7, false, false},
                                                           {6, -13, false, true},
                                                           {5, 0, true, true},
                                                           {4, 7, true, true},
                                                           {4, 7, false, true},
                                                           {6, -13, true, false}}) {
      BorrowPolicy policy;
      policy.by_bits = by_bits;
      policy.cuts_top = cuts_top;
      const mpc::Staircase f{starts, values, origin, starts.back(), 12};
      Numbers expected;
      for (float number : x) {
        const auto at = static_cast<int64_t>(number);
        expected.push_back(static_cast<float>(f.At(at) + f.At(at + 1024) + 100 * f.At(at) +
                                              100 * f.At(at + 1024)));
      }
      mpc::Staircase hundred = f;
      for (int64_t& value : hundred.values) value *= 100;
      auto module =
          Program(shape, {10}, [&, &d = digit](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
            const auto both =
                ExactReader(b, b.getUnknownLoc(), policy).Staircases(in[0], d, {f, hundred});
            return b.create<mpc::AddOp>(b.getUnknownLoc(), both[0], both[1]);
          });
      ExpectAnswer(*module, {Tensor(shape, x)}, expected);
      // The input, all bits, the answer; and where bits are found first, these; and the halves.
      EXPECT_EQ(report_.cost.rounds, 3u + by_bits + cuts_top);
    }
  }
}

// Powers of two of cells are each other times a power of two: the bits of one serve all.
TEST_F(ExactTest, ExponentialsShareTheirBits) {
  const llvm::SmallVector<int64_t> shape{16, 64};
  mpc::Staircase f{{}, {}, 0, 8 * 8, 32};
  for (int64_t i = 0; i < 9 * 8; ++i) {
    f.starts.push_back(i);
    f.values.push_back((int64_t{8} << i / 8) + (i % 8 << i / 8));
  }
  f.starts.push_back(9 * 8);
  f.values.push_back(0);
  Numbers x, expected;
  for (int i = -512; i < 512; ++i) {
    x.push_back(static_cast<float>(i >= 64 && i < 72 ? 0 : i));  // what does not occur
    expected.push_back(static_cast<float>(f.At(static_cast<int64_t>(x.back()))));
  }
  uint64_t dealt[2] = {};
  for (const bool by_bits : {false, true}) {
    BorrowPolicy policy;
    policy.by_bits = by_bits;
    auto module = Program(shape, {10}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
      return ExactReader(b, b.getUnknownLoc(), policy).Staircases(in[0], 3, {f})[0];
    });
    int64_t planes = 0;
    module->walk([&](mpc::ReadBitsOp op) { planes = static_cast<int64_t>(op.getReads().size()); });
    ExpectAnswer(*module, {Tensor(shape, x)}, expected);
    EXPECT_LT(planes, 9 + 4 + 4 + 6);  // cells, bits, and those of the ends
    dealt[by_bits] = report_.cost.material_bytes;
  }
  EXPECT_LT(dealt[1], dealt[0] / 2);
}

// Every accumulator of 16 bits, saturated by digits: one or more of them, signed and not, with
// digits below the index and without.
TEST_F(ExactTest, EveryAccumulatorSaturatesByDigits) {
  const struct {
    mpc::Saturation saturation;
    BorrowPolicy below;
  } cases[] = {
      {{7, -8, 7}, {{3, 3, 3}}},   {{7, 0, 15}, {{5, 4}, 1, 2}}, {{11, -128, 127}, {{5}}},
      {{11, 0, 255}, {{2, 2, 1}}}, {{14, -2048, 2047}, {{2}}},   {{16, -8192, 8191}, {{}}},
      {{4, -2, 1}, {{4, 4, 4}}},
  };
  const llvm::SmallVector<int64_t> shape{256, 256};
  const Numbers x = AllAccumulators();
  for (const auto& [saturation, below] : cases) {
    ASSERT_TRUE(saturation.ValueBits());
    Numbers expected;
    for (float value : x)
      expected.push_back(static_cast<float>(
          3 * std::clamp<int64_t>(static_cast<int64_t>(value) >> (16 - saturation.bits),
                                  saturation.least, saturation.most)));
    auto module = Program(
        shape, {16},
        [&, &s = saturation, &d = below](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
          return ExactReader(b, b.getUnknownLoc(), d).Saturate(in[0], s, 20, Factor(b, 20, 3));
        });
    ExpectAnswer(*module, {Tensor(shape, x)}, expected);
    if (saturation.bits == 11 && saturation.least < 0) {
      EXPECT_EQ(report_.cost.rounds, 5u);  // two for the digits, one for the bits
      EXPECT_EQ(DealtBits(report_.cost, x.size()), 16 + 16 + 8 + 32 + 36 + 58 + 132);
    }
  }
}

// The same in a round less where one digit holds the bits below the value's top one, at bounds that
// end at the index's own lower end too: every accumulator of 12 bits.
TEST_F(ExactTest, EveryAccumulatorSaturatesByFalls) {
  const struct {
    mpc::Saturation saturation;
    BorrowPolicy below;
  } cases[] = {
      {{8, -8, 7}, {{2, 2}}}, {{7, 0, 15}, {{3, 2}, 1, 2}}, {{7, -64, -49}, {{5}}},
      {{7, 40, 55}, {{5}}},   {{4, -2, 1}, {{4, 4}}},       {{9, -16, 15}, {{3}}},
      {{12, -16, 15}, {{}}},
  };
  const llvm::SmallVector<int64_t> shape{64, 64};
  Numbers x;
  for (int i = -2048; i < 2048; ++i) x.push_back(static_cast<float>(i));
  for (const auto& [saturation, below] : cases) {
    ASSERT_TRUE(saturation.HasFalls());
    Numbers expected;
    for (float value : x)
      expected.push_back(static_cast<float>(
          3 * std::clamp<int64_t>(static_cast<int64_t>(value) >> (12 - saturation.bits),
                                  saturation.least, saturation.most)));
    auto module =
        Program(shape, {12},
                [&, &s = saturation, &d = below](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
                  return ExactReader(b, b.getUnknownLoc(), d)
                      .SaturateByFalls(in[0], s, 20, Factor(b, 20, 3));
                });
    ExpectAnswer(*module, {Tensor(shape, x)}, expected);
    if (saturation.bits == 8) {
      EXPECT_EQ(report_.cost.rounds, 4u);  // one for the digits, one for the bits
      // One-hot vectors, the borrow, three bits, the top one, both of falls; into the ring.
      EXPECT_EQ(DealtBits(report_.cost, x.size()), 48 + 1 + 3 * 9 + 2 + 4 + 1 + 166);
    }
  }
}

TEST_F(ExactTest, OnlyValuesWithOneLowDigitHaveFalls) {
  EXPECT_TRUE((mpc::Saturation{9, -16, 15}).HasFalls());
  EXPECT_FALSE((mpc::Saturation{11, -32, 31}).HasFalls());
  EXPECT_FALSE((mpc::Saturation{8, -9, 6}).HasFalls());  // no digits
}

// What no digits read is one function: bounds that are no power of two apart, or off their digits.
TEST_F(ExactTest, OnlyWholeDigitsAreReadApart) {
  EXPECT_EQ((mpc::Saturation{11, -128, 127}).ValueBits(), 8);
  EXPECT_EQ((mpc::Saturation{11, -127, 127}).ValueBits(), std::nullopt);
  EXPECT_EQ((mpc::Saturation{11, -129, 126}).ValueBits(), std::nullopt);
  EXPECT_EQ((mpc::Saturation{8, -128, 127}).ValueBits(), std::nullopt);
  EXPECT_THAT((mpc::Saturation{3, -1, 2}).Function().values,
              testing::ElementsAre(0, 1, 2, 2, -1, -1, -1, -1));
}

// Leading bits of numbers of 40 bits, by windows with one digit above them, two and three, and by
// one window of all levels: every length of number, at its ends and between.
TEST_F(ExactTest, LeadingBitsOfLongNumbers) {
  const llvm::SmallVector<int64_t> shape{40, 3};
  Numbers high, low;
  std::vector<uint64_t> numbers;
  for (int bits = 0; bits < 40; ++bits)
    for (uint64_t i = 0; i < 3; ++i) {
      const uint64_t first = uint64_t{1} << bits;
      numbers.push_back(i < 2 ? first - 1 + i : first + i * 0x9e3779b97f4a7c15 % first);
      high.push_back(static_cast<float>(numbers.back() >> 20));
      low.push_back(static_cast<float>(numbers.back() & 0xfffff));
    }
  const struct { int index, gap, levels; } windows[] = {{4, 4, 10}, {7, 6, 6}, {3, 1, 3}};
  for (const auto& window : windows) {
    mpc::LeadingFunction f{window.index, window.gap, {}};
    const uint64_t size = uint64_t{1} << window.index;
    for (int t = 0; t < window.levels; ++t) {
      f.levels.emplace_back();
      for (uint64_t u = 0; u < size; ++u)
        f.levels[t].push_back(static_cast<int64_t>((u * 7 + t * 1009) % 4093) - 50);
    }
    Numbers expected;
    for (const uint64_t number : numbers) {
      int t = 0;
      const auto at = [&] { return number >> (40 - window.index - t * window.gap) & (size - 1); };
      while (t + 1 < window.levels && at() < (uint64_t{1} << (window.index - window.gap))) ++t;
      expected.push_back(static_cast<float>(f.levels[t][at()]));
    }
    BorrowPolicy policy;
    policy.joined_last = 2;
    auto module = Program(shape, {40, 40}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
      const mlir::Location loc = b.getUnknownLoc();
      mlir::Value top = b.create<mpc::MulPublicOp>(loc, in[0].getType(), in[0], 1 << 20);
      mlir::Value x = b.create<mpc::AddOp>(loc, top, in[1]);
      return ExactReader(b, loc, policy).Apply(x, f, 20, [](int bits) {
        std::vector<int64_t> digits(bits / 6, 6);
        if (bits % 6 > 0) digits.push_back(bits % 6);
        return digits;
      });
    });
    ExpectAnswer(*module, {Tensor(shape, high), Tensor(shape, low)}, expected);
  }
}

}  // namespace
}  // namespace mpcc

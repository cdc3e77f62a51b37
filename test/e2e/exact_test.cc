// SPDX-License-Identifier: Apache-2.0
// Exact functions of top bits, in the ideal meaning, on shares and by the engine: one answer.
#include <gtest/gtest.h>

#include "test/e2e/exact_program.h"

namespace mpcc {
namespace {

// Index in halves of a step, round half to even, 4 bits.
PublicFunction Staircase() {
  PublicFunction f{6, {}};
  for (int i = 0; i < 64; ++i) {
    const double index = i < 32 ? i : i - 64;
    f.values.push_back(static_cast<int64_t>(std::clamp(std::nearbyint(index / 2), -8.0, 7.0)));
  }
  return f;
}

Numbers Requantized(const Numbers& accumulators, const PublicFunction& f, int factor) {
  Numbers out;
  for (float x : accumulators)
    out.push_back(static_cast<float>(factor * f.values[static_cast<int>(x) >> 10 & 63]));
  return out;
}

TEST_F(ExactTest, EveryAccumulatorIsRequantizedAsInPlainNumbers) {
  const llvm::SmallVector<int64_t> shape{256, 256};
  const Numbers x = AllAccumulators();
  const PublicFunction f = Staircase();
  auto module = Program(shape, {16}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    return ExactReader(b, b.getUnknownLoc(), {{5, 5}}).Apply(in[0], f, 16, Factor(b, 16, 5));
  });
  ExpectAnswer(*module, {Tensor(shape, x)}, Requantized(x, f, 5), 3);
  EXPECT_EQ(report_.cost.rounds, 3u);  // the input, the bits, the answer
  EXPECT_EQ(DealtBits(report_.cost, x.size()), 390);
}

// A private function of 6 top bits, another one in each column: every accumulator, its digits
// joined in the ring, before that, and bit by bit; and an index of all of its bits.
TEST_F(ExactTest, EveryAccumulatorIsReadByAPrivateTable) {
  constexpr int kColumns = 256, kBits = 4, kLeast = -3;
  const llvm::SmallVector<int64_t> shape{256, kColumns};
  const Numbers x = AllAccumulators();
  const auto entry = [](int64_t column, int64_t index) {
    return (index * index + 5 * column + 3 * (index >> 4)) & 15;
  };
  const struct {
    int index;
    BorrowPolicy policy;
    unsigned rounds;
    int dealt;  // 0: not looked at
  } cases[] = {
      {6, {{5, 5}}, 3, 0},
      {6, {{4, 3, 3}, 1}, 4, 0},
      // The tables, one-hot vectors, five products for each of four bits, the bits in the ring.
      {6, {{5, 5}, 2, 3, true}, 4, 4 * 64 + 64 + 20 + 58},
      {6, {{4, 3, 3}, 1, 3, true}, 5, 4 * 64 + 32 + 5 + 4 + 58},
      {6, {{2, 2, 2, 2, 2}, 5, 3, true}, 4, 0},
  };
  for (const auto& [index, policy, rounds, dealt] : cases) {
    Numbers expected;
    for (float value : x) {
      const auto number = static_cast<int64_t>(value);
      const int64_t column = (number + 32768) % kColumns;
      expected.push_back(
          static_cast<float>(5 * (kLeast + entry(column, number >> (16 - index) & 63))));
    }
    auto module = Program(
        shape, {16}, [&, &k = index, &p = policy](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
          mpc::PrivateReading f{k, {}, kLeast, 16, Factor(b, 16, 5)};
          const auto type =
              ShareType::get(&context_, ShareKind::priv, {kColumns, int64_t{1} << k}, 1);
          for (int bit = 0; bit < kBits; ++bit) {
            std::vector<uint64_t> table;
            for (int64_t column = 0; column < kColumns; ++column)
              for (int64_t i = 0; i < int64_t{1} << k; ++i)
                table.push_back(entry(column, i) >> bit & 1);
            f.tables.push_back(mpc::MakeConstant(b, b.getUnknownLoc(), type, table));
          }
          return ExactReader(b, b.getUnknownLoc(), p).Apply(in[0], f);
        });
    ExpectAnswer(*module, {Tensor(shape, x)}, expected);
    EXPECT_EQ(report_.cost.rounds, rounds);
    if (dealt > 0) {
      EXPECT_EQ(DealtBits(report_.cost, x.size()), dealt);
    }
  }
}

// What four functions fall by at their common end is dealt once: 9 products of 7 bits beside the 10
// of 8 bits of each.
TEST_F(ExactTest, FunctionsThatEndAlikeFallTogether) {
  const llvm::SmallVector<int64_t> shape{256, 256};
  const int64_t begins[] = {2, 5, 7, 10}, end = 12;
  const Numbers x = AllAccumulators();
  Numbers expected;
  for (float number : x) {
    const int64_t cell = static_cast<int>(number) >> 12 & 15;
    int sum = 0;
    for (size_t i = 0; i < std::size(begins); ++i) sum += (cell >= begins[i] && cell < end) << i;
    expected.push_back(static_cast<float>(sum));
  }
  auto module = Program(shape, {16}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    llvm::SmallVector<mpc::PublicReading> readings;
    for (const int64_t begin : begins) {
      PublicFunction f{4, std::vector<int64_t>(16, 0)};
      std::fill(f.values.begin() + begin, f.values.begin() + end, 1);
      readings.push_back({f, 8, nullptr});
    }
    const auto reached = ExactReader(b, b.getUnknownLoc(), {{6, 6}}).Apply(in[0], readings);
    mlir::Value sum = reached[0];
    for (size_t i = 1; i < reached.size(); ++i) {
      mlir::Value part = b.create<mpc::MulPublicOp>(b.getUnknownLoc(), reached[i], 1 << i);
      sum = b.create<mpc::AddOp>(b.getUnknownLoc(), sum, part);
    }
    return sum;
  });
  ExpectAnswer(*module, {Tensor(shape, x)}, expected);
  EXPECT_EQ(report_.cost.rounds, 3u);
  EXPECT_EQ(DealtBits(report_.cost, x.size()), 16 + 64 + 64 + 4 * 10 * 8 + 9 * 7);
}

// One round more: narrow digits, joined modulo 2.
TEST_F(ExactTest, ARoundBuysMaterial) {
  const llvm::SmallVector<int64_t> shape{256, 256};
  const Numbers x = AllAccumulators();
  const PublicFunction f = Staircase();
  auto module = Program(shape, {16}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    return ExactReader(b, b.getUnknownLoc(), {{4, 3, 3}, 1}).Apply(in[0], f, 16, Factor(b, 16, 5));
  });
  ExpectAnswer(*module, {Tensor(shape, x)}, Requantized(x, f, 5));
  EXPECT_EQ(report_.cost.rounds, 4u);
  EXPECT_EQ(DealtBits(report_.cost, x.size()), 64 + 32 + 5 + 58 + 72);
}

// Another round for products modulo 2: every bit of the result is found, and opened, first.
TEST_F(ExactTest, BitsThatAreFoundFirstDealLess) {
  const llvm::SmallVector<int64_t> shape{256, 256};
  const Numbers x = AllAccumulators();
  const PublicFunction f = Staircase();
  const struct {
    BorrowPolicy policy;
    unsigned rounds;
    int dealt;
  } cases[] = {
      // One-hot vectors, five products for each of four bits, the bits in the ring.
      {{{5, 5}, 2, 3, true}, 4, 64 + 64 + 20 + 58},
      {{{4, 3, 3}, 1, 3, true}, 5, 64 + 32 + 5 + 4 + 58},
      {{{2, 2, 2, 2, 2}, 5, 3, true}, 4, 0},
  };
  for (const auto& [policy, rounds, dealt] : cases) {
    auto module =
        Program(shape, {16}, [&, &p = policy](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
          return ExactReader(b, b.getUnknownLoc(), p).Apply(in[0], f, 16, Factor(b, 16, 5));
        });
    ExpectAnswer(*module, {Tensor(shape, x)}, Requantized(x, f, 5));
    EXPECT_EQ(report_.cost.rounds, rounds);
    if (dealt > 0) {
      EXPECT_EQ(DealtBits(report_.cost, x.size()), dealt);
    }
  }
}

// Any function, without a factor: squares modulo 2^12 of an index of 4 bits.
TEST_F(ExactTest, AFunctionThatIsNoStaircase) {
  const llvm::SmallVector<int64_t> shape{16, 64};
  PublicFunction f{4, {}};
  for (int64_t i = 0; i < 16; ++i) f.values.push_back((i < 8 ? i : i - 16) * (i - 5) % 23);
  Numbers x, expected;
  for (int i = -512; i < 512; ++i) {
    x.push_back(static_cast<float>(i));
    expected.push_back(static_cast<float>(f.values[i >> 6 & 15]));
  }
  for (const BorrowPolicy& policy : {BorrowPolicy{{6}},
                                     {{2, 2, 2}, 3},
                                     {{1, 1, 1, 1, 1, 1}, 1, 2},
                                     {{3, 3}, 2, 3, true},
                                     {{2, 2, 1, 1}, 4, 3, true}}) {
    auto module = Program(shape, {10}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
      return ExactReader(b, b.getUnknownLoc(), policy).Apply(in[0], f, 12);
    });
    ExpectAnswer(*module, {Tensor(shape, x)}, expected);
  }
}

// 32 bits from two inputs, so that real numbers hold them.
TEST_F(ExactTest, AQuotientOf32Bits) {
  const llvm::SmallVector<int64_t> shape{8, 512};
  const size_t count = 8 * 512;
  Numbers high, low, expected;
  for (size_t i = 0; i < count; ++i) {
    high.push_back(static_cast<float>(static_cast<int>(i * 40503 % 65536) - 32768));
    low.push_back(static_cast<float>(i % 4 < 3 ? i * 9973 % 65536 : i % 8 == 3 ? 0 : 65535));
    expected.push_back(high.back());
  }
  const std::pair<BorrowPolicy, int> policies[] = {
      {{{6, 5, 5}, 3}, 64 + 32 + 32 + 16 + 10 * 16},
      {{{4, 4, 4, 4}, 1, 4}, 64 + 16 + 15 + 16},
      {{{2, 2, 2, 2, 2, 2, 2, 2}, 2, 4}, 0},
      {{{1, 3, 5, 7}, 4}, 0},
  };
  for (const auto& [policy, dealt] : policies) {
    auto module =
        Program(shape, {32, 32}, [&, &p = policy](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
          const mlir::Location loc = b.getUnknownLoc();
          mlir::Value top = b.create<mpc::MulPublicOp>(loc, in[0].getType(), in[0], 65536);
          mlir::Value x = b.create<mpc::AddOp>(loc, top, in[1]);
          return ExactReader(b, loc, p).Quotient(x, 16);
        });
    ExpectAnswer(*module, {Tensor(shape, high), Tensor(shape, low)}, expected);
    if (dealt > 0) {
      EXPECT_EQ(DealtBits(report_.cost, count), dealt);
    }
  }
}

}  // namespace
}  // namespace mpcc

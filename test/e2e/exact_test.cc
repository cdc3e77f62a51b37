// SPDX-License-Identifier: Apache-2.0
// Exact functions of top bits, in the ideal meaning, on shares and by the engine: one answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "ir/mpc/constants.h"
#include "ir/mpc/exact_read.h"
#include "ir/nn/types.h"
#include "mlir/IR/Verifier.h"
#include "passes/offline/programs.h"
#include "runtime/base/status_matchers.h"
#include "test/e2e/replay.h"

namespace mpcc {
namespace {

using mlir::OpBuilder;
using mpc::BorrowPolicy;
using mpc::ExactReader;
using mpc::PublicFunction;
using mpc::ShareKind;
using mpc::ShareType;
using reference::LocalTensor;
using Numbers = std::vector<float>;

// A program of P1's numbers, in `words` rings each, whose result is made by body(builder, shares).
using Body = std::function<mlir::Value(OpBuilder&, llvm::ArrayRef<mlir::Value>)>;

class ExactTest : public testing::Test {
 protected:
  ExactTest() { LoadDialects(context_); }

  mlir::OwningOpRef<mlir::ModuleOp> Program(llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<unsigned> rings, const Body& body) {
    OpBuilder b(&context_);
    const mlir::Location loc = b.getUnknownLoc();
    mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(loc);
    b.setInsertionPointToEnd(module->getBody());
    const auto real = mlir::RankedTensorType::get(shape, b.getF32Type());
    const llvm::SmallVector<mlir::Type> arguments(rings.size(), real);
    auto function =
        b.create<mlir::func::FuncOp>(loc, "f", b.getFunctionType(arguments, mlir::Type(real)));
    mlir::Block* block = function.addEntryBlock();
    b.setInsertionPointToEnd(block);
    llvm::SmallVector<mlir::Value> shares;
    for (unsigned i = 0; i < rings.size(); ++i) {
      function.setArgAttr(i, nn::kOwnerAttr, b.getStringAttr(nn::kDataOwner));
      const auto ring = mlir::RankedTensorType::get(shape, b.getIntegerType(rings[i]));
      mlir::Value encoded = b.create<mpc::EncodeOp>(loc, ring, block->getArgument(i), 0);
      const auto type = ShareType::get(&context_, ShareKind::rss, shape, rings[i]);
      shares.push_back(b.create<mpc::InputOp>(loc, mlir::TypeRange(type), mlir::ValueRange(encoded),
                                              mlir::DenseI64ArrayAttr())
                           .getResult(0));
    }
    mlir::Value revealed = b.create<mpc::RevealOp>(loc, real, body(b, shares), 0);
    b.create<mlir::func::ReturnOp>(loc, revealed);
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module)));
    return module;
  }

  static LocalTensor Tensor(llvm::ArrayRef<int64_t> shape, const Numbers& numbers) {
    return {shape.vec(), numbers};
  }

  // The ideal answer, and the engine's in several runs, every wire of which is the interpreter's.
  void ExpectAnswer(mlir::ModuleOp module, const std::vector<LocalTensor>& inputs,
                    const Numbers& expected, int runs = 2) {
    auto ideal = reference::RunMpc(*module.getOps<mlir::func::FuncOp>().begin(), inputs);
    ASSERT_TRUE(ideal.ok()) << ideal.status();
    EXPECT_EQ(std::get<LocalTensor>(ideal->values[0]).floats(), expected);
    MPCC_ASSERT_OK(CompileModule(module, Stage::kMpc));
    for (int run = 1; run <= runs; ++run) {
      MPCC_ASSERT_OK_AND_ASSIGN(report_, Replay(module, run, inputs));
      EXPECT_EQ(report_.outputs[0].floats(), expected) << "run " << run;
    }
  }

  mlir::MLIRContext context_;
  ReplayReport report_;
};

// Index in halves of a step, round half to even, 4 bits.
PublicFunction Staircase() {
  PublicFunction f{6, {}};
  for (int i = 0; i < 64; ++i) {
    const double index = i < 32 ? i : i - 64;
    f.values.push_back(static_cast<int64_t>(std::clamp(std::nearbyint(index / 2), -8.0, 7.0)));
  }
  return f;
}

mlir::Value Factor(OpBuilder& b, unsigned width, uint64_t value) {
  const auto type = ShareType::get(b.getContext(), ShareKind::priv, {1}, width);
  return mpc::MakeConstant(b, b.getUnknownLoc(), type, {value});
}

// All accumulators of 16 bits, one after the other.
Numbers AllAccumulators() {
  Numbers all;
  for (int x = -32768; x < 32768; ++x) all.push_back(static_cast<float>(x));
  return all;
}

Numbers Requantized(const Numbers& accumulators, const PublicFunction& f, int factor) {
  Numbers out;
  for (float x : accumulators)
    out.push_back(static_cast<float>(factor * f.values[static_cast<int>(x) >> 10 & 63]));
  return out;
}

// Dealt bits an element, but for what there is of the factor alone.
double DealtBits(const Cost& cost, size_t elements) {
  return std::floor(8.0 * static_cast<double>(cost.material_bytes) / static_cast<double>(elements));
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

TEST_F(ExactTest, AnUnusedLeastIndexDealsLess) {
  const llvm::SmallVector<int64_t> shape{252, 256};
  const Numbers all = AllAccumulators(), x(all.begin() + 1024, all.end());
  PublicFunction f = Staircase();
  f.least_unused = true;
  auto module = Program(shape, {16}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    return ExactReader(b, b.getUnknownLoc(), {{5, 5}}).Apply(in[0], f, 16, Factor(b, 16, 5));
  });
  ExpectAnswer(*module, {Tensor(shape, x)}, Requantized(x, f, 5));
  EXPECT_EQ(report_.cost.rounds, 3u);
  EXPECT_EQ(DealtBits(report_.cost, x.size()), 330);
}

// One round more: narrow digits, joined modulo 2.
TEST_F(ExactTest, ARoundBuysMaterial) {
  const llvm::SmallVector<int64_t> shape{252, 256};
  const Numbers all = AllAccumulators(), x(all.begin() + 1024, all.end());
  PublicFunction f = Staircase();
  f.least_unused = true;
  auto module = Program(shape, {16}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    return ExactReader(b, b.getUnknownLoc(), {{4, 3, 3}, 1}).Apply(in[0], f, 16, Factor(b, 16, 5));
  });
  ExpectAnswer(*module, {Tensor(shape, x)}, Requantized(x, f, 5));
  EXPECT_EQ(report_.cost.rounds, 4u);
  EXPECT_EQ(DealtBits(report_.cost, x.size()), 64 + 32 + 5 + 58 + 48);
}

// Another round for products modulo 2: every bit of the result is found, and opened, first.
TEST_F(ExactTest, BitsThatAreFoundFirstDealLess) {
  const llvm::SmallVector<int64_t> shape{252, 256};
  const Numbers all = AllAccumulators(), x(all.begin() + 1024, all.end());
  const struct {
    BorrowPolicy policy;
    bool least_unused;
    unsigned rounds;
    int dealt;
  } cases[] = {
      // One-hot vectors, five products for each of four bits, the bits in the ring.
      {{{5, 5}, 2, 3, true}, false, 4, 64 + 64 + 20 + 58},
      {{{5, 5}, 2, 3, true}, true, 4, 64 + 64 + 20 + 58},
      {{{4, 3, 3}, 1, 3, true}, false, 5, 64 + 32 + 5 + 4 + 58},
      {{{2, 2, 2, 2, 2}, 5, 3, true}, true, 4, 0},
  };
  for (const auto& [policy, least_unused, rounds, dealt] : cases) {
    PublicFunction f = Staircase();
    f.least_unused = least_unused;
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
    for (const auto& [digit, origin] : {std::pair(5, 0), {4, 7}, {6, -13}}) {
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
                ExactReader(b, b.getUnknownLoc(), {}).Staircases(in[0], d, {f, hundred});
            return b.create<mpc::AddOp>(b.getUnknownLoc(), both[0], both[1]);
          });
      ExpectAnswer(*module, {Tensor(shape, x)}, expected);
      EXPECT_EQ(report_.cost.rounds, 3u);  // the input, all bits, the answer
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
  auto module = Program(shape, {10}, [&](OpBuilder& b, llvm::ArrayRef<mlir::Value> in) {
    return ExactReader(b, b.getUnknownLoc(), {}).Staircases(in[0], 3, {f})[0];
  });
  int64_t planes = 0;
  module->walk([&](mpc::ReadBitsOp op) { planes = static_cast<int64_t>(op.getReads().size()); });
  ExpectAnswer(*module, {Tensor(shape, x)}, expected);
  EXPECT_LT(planes, 9 + 4 + 4 + 6);  // cells, bits, and those of the ends
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

// What no digits read is one function: bounds that are no power of two apart, or off their digits.
TEST_F(ExactTest, OnlyWholeDigitsAreReadApart) {
  EXPECT_EQ((mpc::Saturation{11, -128, 127}).ValueBits(), 8);
  EXPECT_EQ((mpc::Saturation{11, -127, 127}).ValueBits(), std::nullopt);
  EXPECT_EQ((mpc::Saturation{11, -129, 126}).ValueBits(), std::nullopt);
  EXPECT_EQ((mpc::Saturation{8, -128, 127}).ValueBits(), std::nullopt);
  EXPECT_THAT((mpc::Saturation{3, -1, 2}).Function().values,
              testing::ElementsAre(0, 1, 2, 2, -1, -1, -1, -1));
}

}  // namespace
}  // namespace mpcc

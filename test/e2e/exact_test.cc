// SPDX-License-Identifier: Apache-2.0
// Exact functions of top bits, in the ideal meaning, on shares and by the engine: one answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "ir/mpc/constants.h"
#include "ir/mpc/exact_read.h"
#include "ir/nn/types.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
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

// A hidden layer whose values are read at their upper 6 of 16 bits, rounded at random, and summed
// up by a private weight.
constexpr char kHiddenLayer[] = R"(
func.func @f(%p: tensor<1x8xf32> {nn.owner = "data"}) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %a = mpc.encode %p {fraction_bits = 0 : i64} : tensor<1x8xf32> -> tensor<1x8xi16>
  %x = mpc.input %a : tensor<1x8xi16> -> !mpc.rss<1x8, 16>
  %w = mpc.constant dense<[[31, -7, 12, 5, -28, 3, 19, -2], [4, 40, -13, 22, 8, -31, 6, 17], [-9, 2, 33, -21, 14, 25, -5, 38], [11, -18, 7, 36, -3, 29, -40, 1], [23, 15, -34, 9, 27, -12, 2, -6], [-20, 30, 5, -16, 39, 10, -24, 13], [8, -35, 21, 4, -11, 37, 16, -29], [-1, 26, -14, 32, 6, -38, 20, 3]]> : tensor<8x8xi16> : !mpc.private<8x8, 16>
  %b = mpc.constant dense<[417, -238, 91, -466, 305, 12, -377, 250]> : tensor<8xi16> : !mpc.private<8, 16>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x8, 16>, !mpc.private<8x8, 16>, !mpc.private<8, 16>) -> !mpc.add<1x8, 16>
  %i = mpc.extract %y : !mpc.add<1x8, 16> -> !mpc.add<1x8, 6>
  %t = mpc.constant dense<[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, -32, -31, -30, -29, -28, -27, -26, -25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1]]> : tensor<1x64xi32> : !mpc.private<1x64, 32>
  %n = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.add<1x8, 6>, !mpc.private<1x64, 32>) -> !mpc.add<1x8, 32>
  %v = mpc.constant dense<[[811, -90], [-402, 777], [65, -531], [-888, 24], [303, 640], [-17, -859], [520, 111], [-266, 395]]> : tensor<8x2xi16> : !mpc.private<8x2, 32>
  %c = mpc.constant dense<[321, -654]> : tensor<2xi16> : !mpc.private<2, 32>
  %z = mpc.linear %n, %v, %c : (!mpc.add<1x8, 32>, !mpc.private<8x2, 32>, !mpc.private<2, 32>) -> !mpc.add<1x2, 32>
  %r = mpc.reveal %z {fraction_bits = 0 : i64} : !mpc.add<1x2, 32> -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
})";

// The same with an exact read where it rounded.
void ReadExactly(mlir::ModuleOp module) {
  module.walk([](mpc::LutOp lut) {
    auto extract = lut.getIndex().getDefiningOp<mpc::ExtractOp>();
    OpBuilder b(lut);
    PublicFunction same{6, {}};
    for (int64_t i = 0; i < 64; ++i) same.values.push_back(i < 32 ? i : i - 64);
    lut.replaceAllUsesWith(
        ExactReader(b, lut.getLoc(), {{5, 5}}).Apply(extract.getInput(), same, 32));
    lut.erase();
    extract.erase();
  });
}

// One question, asked again and again. The answers of what rounds at random differ by columns of
// the private weight, so that each tells something new.
TEST_F(ExactTest, AQuestionAskedAgainTellsNothingNew) {
  const std::vector<LocalTensor> question = {Tensor({1, 8}, {17, -29, 4, 23, -11, 30, -6, 14})};
  for (bool exact : {false, true}) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(kHiddenLayer, &context_);
    ASSERT_TRUE(module);
    if (exact) ReadExactly(*module);
    auto ideal = reference::RunMpc(*module->getOps<mlir::func::FuncOp>().begin(), question);
    ASSERT_TRUE(ideal.ok()) << ideal.status();
    MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
    std::set<Numbers> answers;
    for (int run = 1; run <= 60; ++run) {
      MPCC_ASSERT_OK_AND_ASSIGN(report_, Replay(*module, run, question));
      answers.insert(report_.outputs[0].floats());
    }
    if (exact) {
      EXPECT_THAT(answers, testing::ElementsAre(std::get<LocalTensor>(ideal->values[0]).floats()));
    } else {
      EXPECT_GT(answers.size(), 20u);
    }
  }
}

}  // namespace
}  // namespace mpcc

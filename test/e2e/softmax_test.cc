// SPDX-License-Identifier: Apache-2.0
// Softmax as it is lowered, against real numbers: in the ideal meaning over sizes, ranges and
// masks, and by the engine, whose answer is the ideal one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "ir/nn/types.h"
#include "passes/lower/rewrite.h"
#include "passes/mpc/leak_kinds.h"
#include "runtime/base/status_matchers.h"
#include "test/e2e/replay.h"

namespace mpcc {
namespace {

using mlir::OpBuilder;
using reference::LocalTensor;
using Rows = std::vector<std::vector<double>>;

constexpr double kMasked = -3.4e38;

Quantizer UnsignedBits(int bits) {
  const int64_t high = (int64_t{1} << bits) - 1;
  return {1.0 / static_cast<double>(high), 0, high, bits, bits, true};
}

// Natural exponents; the summands of P1 are one row for all.
struct Case {
  int bits;
  Rows scores;
  std::vector<double> mask = {};
  double range;  // of the scores
};

class SoftmaxTest : public testing::Test {
 protected:
  SoftmaxTest() { LoadDialects(context_); }

  SoftmaxWidths WidthsOf(const Case& c) const {
    return WidthsForSoftmax(policy_, c.bits, static_cast<int64_t>(c.scores[0].size()));
  }

  mlir::OwningOpRef<mlir::ModuleOp> Lower(const Case& c) {
    OpBuilder b(&context_);
    const mlir::Location loc = b.getUnknownLoc();
    const auto rows = static_cast<int64_t>(c.scores.size());
    const auto columns = static_cast<int64_t>(c.scores[0].size());
    mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(loc);
    b.setInsertionPointToEnd(module->getBody());
    const auto type = mlir::RankedTensorType::get({rows, columns}, b.getF32Type());
    llvm::SmallVector<mlir::Type> inputs = {type};
    if (!c.mask.empty()) inputs.push_back(type.clone(llvm::ArrayRef<int64_t>{1, columns}));
    auto function =
        b.create<mlir::func::FuncOp>(loc, "f", b.getFunctionType(inputs, mlir::Type(type)));
    for (unsigned i = 0; i < inputs.size(); ++i)
      function.setArgAttr(i, nn::kOwnerAttr, b.getStringAttr(nn::kDataOwner));
    mlir::Block* block = function.addEntryBlock();
    b.setInsertionPointToEnd(block);
    auto softmax = b.create<nn::SoftmaxOp>(loc, type, block->getArgument(0),
                                           c.mask.empty() ? mlir::Value() : block->getArgument(1));
    const SoftmaxWidths w = WidthsOf(c);
    Emitter emit(b);
    Rewriter rewriter{.policy = policy_, .emit = emit};
    Demand scores{.form = Form::kShared, .loc = loc, .value = block->getArgument(0)};
    rewriter.made[&scores] = {emit.InputLocal(emit.Encode(block->getArgument(0), 0, w.index))};
    const Demand demand{.form = Form::kSoftmax,
                        .loc = loc,
                        .value = softmax.getResult(),
                        .operands = {{&scores, 1}},
                        .ring = 16,
                        .quantizer = UnsignedBits(c.bits),
                        .details = SoftmaxDetails{w, c.range / std::log(2.0)}};
    mlir::Value p = RewriteSoftmax(demand, rewriter).front();
    b.create<mlir::func::ReturnOp>(loc, emit.Reveal(p, 0));
    softmax.erase();
    return module;
  }

  // Scores in steps, as the accumulator's rounding leaves them.
  std::vector<LocalTensor> Inputs(const Case& c) const {
    const double step = std::ldexp(std::log(2.0), -WidthsOf(c).steps_log2);
    std::vector<float> steps;
    for (const auto& row : c.scores)
      for (double x : row) steps.push_back(static_cast<float>(std::nearbyint(x / step)));
    const auto columns = static_cast<int64_t>(c.scores[0].size());
    std::vector<LocalTensor> inputs = {
        LocalTensor{{static_cast<int64_t>(c.scores.size()), columns}, steps}};
    if (!c.mask.empty())
      inputs.push_back({{1, columns}, std::vector<float>(c.mask.begin(), c.mask.end())});
    return inputs;
  }

  std::vector<float> Ideal(const Case& c) {
    auto module = Lower(c);
    auto ideal = reference::RunMpc(*module->getOps<mlir::func::FuncOp>().begin(), Inputs(c));
    EXPECT_TRUE(ideal.ok()) << ideal.status();
    return std::get<LocalTensor>(ideal->values[0]).floats();
  }

  mlir::MLIRContext context_;
  LoweringPolicy policy_;
};

std::vector<float> InReals(const Case& c) {
  const Quantizer q = UnsignedBits(c.bits);
  std::vector<float> out;
  for (std::vector<double> row : c.scores) {
    for (size_t i = 0; i < c.mask.size(); ++i) row[i] += c.mask[i];
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double x : row) sum += std::exp(x - top);
    for (double x : row) out.push_back(static_cast<float>(q.Apply(std::exp(x - top) / sum)));
  }
  return out;
}

// Of the integers that are not zero in both.
struct Deviation {
  double unlike = 0, farther = 0, largest = 0;  // shares of all, and of those off by more than one
};

Deviation Compare(const std::vector<float>& ours, const std::vector<float>& theirs) {
  Deviation d;
  double counted = 0;
  for (size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == 0 && theirs[i] == 0) continue;
    counted += 1;
    d.unlike += ours[i] != theirs[i];
    d.farther += std::abs(ours[i] - theirs[i]) > 1;
    d.largest = std::max(d.largest, static_cast<double>(std::abs(ours[i] - theirs[i])));
  }
  d.unlike /= std::max(counted, 1.0);
  d.farther /= std::max(counted, 1.0);
  return d;
}

Rows RandomRows(int64_t rows, int64_t columns, double spread, double range, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Rows scores(rows, std::vector<double>(columns));
  for (auto& row : scores) {
    const double centre = normal(random) * range / 8;
    for (double& x : row) x = std::clamp(centre + spread * normal(random), -range, range);
  }
  return scores;
}

TEST_F(SoftmaxTest, ProbabilitiesAreTheRoundedRealOnes) {
  for (int bits : {2, 4, 8}) {
    double unlike = 0, cases = 0;
    for (int64_t columns : {1, 2, 3, 16, 37, 128, 512}) {
      for (double spread : {0.3, 1.5, 4.0}) {
        const Case c{.bits = bits,
                     .scores = RandomRows(24, columns, spread, 20, columns + bits),
                     .range = 20};
        const Deviation d = Compare(Ideal(c), InReals(c));
        EXPECT_LE(d.largest, 1) << bits << " bits, " << columns << ", " << spread;
        unlike += d.unlike;
        cases += 1;
      }
    }
    EXPECT_LT(unlike / cases, bits < 8 ? 0.03 : 0.2) << bits << " bits";
  }
}

// Rows that one score makes most of, wherever in its level it lies: their largest probabilities
// tell what their sums and logarithms are rounded to.
TEST_F(SoftmaxTest, LargeProbabilitiesAreRarelyOffByMoreThanOne) {
  for (int64_t columns : {16, 96}) {
    Case c{.bits = 8, .scores = RandomRows(2000, columns, 0.8, 20, columns), .range = 20};
    for (size_t row = 0; row < c.scores.size(); ++row)
      c.scores[row][3] =
          std::log(static_cast<double>(columns)) + 2 + 0.005 * static_cast<double>(row);
    const Deviation d = Compare(Ideal(c), InReals(c));
    EXPECT_LE(d.largest, 2) << columns;
    EXPECT_LT(d.farther, 0.001) << columns;
    EXPECT_LT(d.unlike, 0.1) << columns;
  }
}

// The smallest and the largest scores that the policy takes, in one row and in rows apart.
TEST_F(SoftmaxTest, TheWholeRangeOfScores) {
  for (int bits : {4, 8}) {
    Case c{.bits = bits, .scores = {std::vector<double>(16)}, .range = 0};
    const SoftmaxWidths w = WidthsOf(c);
    const double range = LargestScore(w) * std::log(2.0), low = -w.lowest_maximum * std::log(2.0);
    for (double top : {range, range / 2, 0.0, low}) {
      std::vector<double> row(16, -range);
      row[3] = top;
      row[7] = top - 0.7;
      row[9] = top - 2;
      c.scores.push_back(row);
    }
    c.range = range;
    c.scores.erase(c.scores.begin());
    EXPECT_LE(Compare(Ideal(c), InReals(c)).largest, bits < 8 ? 1 : 2);
  }
}

// Rows of nothing but the largest score, of any range: 0 is that of scores which a quantizer of
// huge steps makes zero.
TEST_F(SoftmaxTest, RowsOfTheLargestScoreAlone) {
  for (int bits : {4, 8})
    for (int64_t columns : {1, 8, 40})
      for (double range : {0.0, 1e-6, 0.337, 5.0, 7.77, 20.0}) {
        const std::vector<double> row(columns, range);
        const Case c{.bits = bits, .scores = {row, row}, .range = range};
        EXPECT_LE(Compare(Ideal(c), InReals(c)).largest, columns == 1 ? 0 : 1)
            << bits << " bits, " << columns << ", " << range;
      }
}

TEST_F(SoftmaxTest, SummandsOfAnySize) {
  for (int bits : {4, 8}) {
    for (double low : {kMasked, -1000.0, -70.0, -3.0, -0.5}) {
      Case c{.bits = bits, .scores = RandomRows(24, 16, 2, 20, 7), .mask = {}, .range = 20};
      c.mask = std::vector<double>(16, 0.0);
      for (size_t i : {0, 5, 6, 12, 15}) c.mask[i] = low;
      const std::vector<float> ours = Ideal(c), theirs = InReals(c);
      EXPECT_LE(Compare(ours, theirs).largest, bits < 8 ? 1 : 2) << bits << " bits, " << low;
      if (low < -100) {
        for (size_t row = 0; row < 24; ++row) EXPECT_EQ(ours[row * 16 + 5], 0);
      }
    }
  }
}

// Scores within a bound are as without one, others are held at it; masks of any size.
TEST_F(SoftmaxTest, ScoresAreHeldBelowAPublicBound) {
  for (double bound : {2.0, 2.7, 5.5}) {
    policy_.softmax.bound = bound;
    for (int bits : {5, 8}) {
      for (double low : {0.0, kMasked, -1000.0, -3.0}) {
        Case c{.bits = bits,
               .scores = RandomRows(24, 40, bound / 2, 3 * bound, 13),
               .mask = {},
               .range = 0};
        c.mask = std::vector<double>(40, 0.0);
        c.mask[5] = c.mask[12] = low;
        const SoftmaxWidths w = WidthsOf(c);
        EXPECT_GE(w.bound * std::log(2.0), bound);
        EXPECT_EQ(w.levels, 1);
        Case held = c;
        const double most = w.bound * std::log(2.0);
        for (auto& row : held.scores)
          for (double& x : row)
            x = std::clamp(x, -most, most - std::ldexp(std::log(2.0), -w.steps_log2));
        EXPECT_LE(Compare(Ideal(c), InReals(held)).largest, bits < 8 ? 1 : 2)
            << bits << " bits, " << low << ", " << bound;
      }
    }
  }
}

TEST_F(SoftmaxTest, EveryRunWithABoundGivesTheIdealAnswer) {
  policy_.softmax.bound = 5;
  Case c{.bits = 8,
         .scores = RandomRows(6, 40, 4, 20, 3),
         .mask = std::vector<double>(40, 0.0),
         .range = 0};
  c.mask.back() = kMasked;
  const std::vector<float> ideal = Ideal(c);
  auto module = Lower(c);
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  EXPECT_TRUE(function->hasAttr(kLeakAttr));
  const mlir::OwningOpRef<mlir::ModuleOp> undeclared = module->clone();
  EXPECT_FALSE(CompileModule(*undeclared, Stage::kMpc).ok());
  function->removeAttr(kLeakAttr);
  MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
  for (int run : {1, 2}) {
    MPCC_ASSERT_OK_AND_ASSIGN(ReplayReport report, Replay(*module, run, Inputs(c)));
    EXPECT_EQ(report.outputs[0].floats(), ideal) << "run " << run;
  }
}

// Nothing depends on a mask: two runs and the ideal meaning give one answer.
TEST_F(SoftmaxTest, EveryRunGivesTheIdealAnswer) {
  for (int bits : {4, 8}) {
    for (int64_t columns : {16, 40}) {
      Case c{.bits = bits,
             .scores = RandomRows(12, columns, 2, 20, 11),
             .mask = std::vector<double>(columns, 0.0),
             .range = 20};
      c.mask.back() = kMasked;
      const std::vector<float> ideal = Ideal(c);
      auto module = Lower(c);
      MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
      for (int run : {1, 2, 3}) {
        MPCC_ASSERT_OK_AND_ASSIGN(ReplayReport report, Replay(*module, run, Inputs(c)));
        EXPECT_EQ(report.outputs[0].floats(), ideal) << "run " << run;
      }
    }
  }
}

// Scores beyond their range, as inputs that no calibration saw give, are wrong and still the same
// in each run: one in every 16th octave of the whole ring, and in each just above the largest.
TEST_F(SoftmaxTest, EveryRunGivesOneAnswerBeyondTheRange) {
  for (int bits : {4, 8}) {
    Case c{.bits = bits, .scores = {std::vector<double>(4)}, .range = 20};
    const SoftmaxWidths w = WidthsOf(c);
    const int64_t octaves = int64_t{1} << (w.index - w.steps_log2);
    c.scores.clear();
    for (int64_t octave = -octaves / 2; octave < octaves / 2; octave += 16)
      c.scores.push_back({-20, 10, -20, (static_cast<double>(octave) + 0.5) * std::log(2.0)});
    for (int octave = 0; octave < 5; ++octave)  // beside one in the top level
      c.scores.push_back({-20, 19.5, -20, 20 + (octave + 0.5) * std::log(2.0)});
    const std::vector<float> ideal = Ideal(c);
    auto module = Lower(c);
    MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
    for (int run : {1, 2}) {
      MPCC_ASSERT_OK_AND_ASSIGN(ReplayReport report, Replay(*module, run, Inputs(c)));
      EXPECT_EQ(report.outputs[0].floats(), ideal) << bits << " bits, run " << run;
    }
  }
}

}  // namespace
}  // namespace mpcc

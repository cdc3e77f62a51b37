// SPDX-License-Identifier: Apache-2.0
// Functions before a quantizer by lines, as they are lowered, against real numbers: in the ideal
// meaning over operands and scales, and by the engine, whose answer is the ideal one.
#include <gtest/gtest.h>

#include <cmath>

#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_eval.h"
#include "passes/lower/rewrite.h"
#include "passes/policy/widths.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_matchers.h"
#include "test/e2e/replay.h"

namespace mpcc {
namespace {

using reference::LocalTensor;

constexpr int kBits = 8, kIndex = 12;

class FunctionLinesTest : public testing::Test {
 protected:
  FunctionLinesTest() { LoadDialects(context_); }

  RealFunction Function() const {
    return [](double x) { return nn::ScalarUnary(nn::UnaryKind::gelu, x); };
  }

  // The step of the quantizer is as many units of the lines' ring as the factor makes of it.
  double StepOf(int64_t factor) const {
    const int below = lines_.fraction + lines_.slope_bits;
    return std::ldexp(1.0, LinesRing(policy_, kBits, lines_.fraction) - kIndex - below) /
           static_cast<double>(factor);
  }

  // Operands in steps, to what saturates of f in the quantizer's steps, rounded.
  mlir::OwningOpRef<mlir::ModuleOp> Lower(const std::vector<float>& operands, int64_t factor) {
    mlir::OpBuilder b(&context_);
    const mlir::Location loc = b.getUnknownLoc();
    mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(loc);
    b.setInsertionPointToEnd(module->getBody());
    const auto type =
        mlir::RankedTensorType::get({static_cast<int64_t>(operands.size())}, b.getF32Type());
    auto function = b.create<mlir::func::FuncOp>(
        loc, "f", b.getFunctionType(mlir::Type(type), mlir::Type(type)));
    function.setArgAttr(0, nn::kOwnerAttr, b.getStringAttr(nn::kDataOwner));
    mlir::Block* block = function.addEntryBlock();
    b.setInsertionPointToEnd(block);
    Emitter emit(b);
    Rewriter rewriter{.policy = policy_, .emit = emit};
    const int width = OperandBitsOf(lines_, policy_),
              ring = LinesRing(policy_, kBits, lines_.fraction);
    Demand x{.form = Form::kShared, .loc = loc, .value = block->getArgument(0)};
    rewriter.made[&x] = {emit.InputLocal(emit.Encode(block->getArgument(0), 0, width))};
    Demand y{.form = Form::kLines,
             .loc = loc,
             .value = block->getArgument(0),
             .operands = {{&x, 1}},
             .ring = ring,
             .width = kIndex,
             .unit = std::ldexp(1.0, kIndex - ring),
             .offset = kZero,
             .details = LinesDetails{lines_, {factor}}};
    rewriter.made[&y] = RewriteLines(y, rewriter);
    const Demand stored{.form = Form::kSaturated,
                        .loc = loc,
                        .value = block->getArgument(0),
                        .operands = {{&y, 1}},
                        .ring = 16,
                        .width = 16,
                        .details = StepDetails{kIndex, 0, 255, {}}};
    b.create<mlir::func::ReturnOp>(loc, emit.Reveal(RewriteSaturated(stored, rewriter).front(), 0));
    return module;
  }

  std::vector<float> Ideal(const std::vector<float>& operands, int64_t factor) {
    auto module = Lower(operands, factor);
    auto ideal = reference::RunMpc(*module->getOps<mlir::func::FuncOp>().begin(),
                                   {{{static_cast<int64_t>(operands.size())}, operands}});
    EXPECT_TRUE(ideal.ok()) << ideal.status();
    return std::get<LocalTensor>(ideal->values[0]).floats();
  }

  static constexpr double kZero = 9;

  mlir::MLIRContext context_;
  LoweringPolicy policy_;
  Interpolation lines_ = *Interpolate(Function(), kBits, policy_);
};

// Every operand near 0, and some far from it.
std::vector<float> Operands(int fraction) {
  std::vector<float> operands;
  for (int64_t x = -(int64_t{9} << fraction); x < int64_t{9} << fraction; ++x)
    operands.push_back(static_cast<float>(x));
  for (double real : {-64.0, -63.9, -31.7, -12.0, 12.0, 31.7, 63.9})
    operands.push_back(static_cast<float>(std::ldexp(real, fraction)));
  return operands;
}

TEST_F(FunctionLinesTest, WhatIsStoredIsTheFilesButNearABoundary) {
  const std::vector<float> operands = Operands(lines_.fraction);
  for (int64_t factor : {80, 201, 400}) {  // steps of 0.1, 0.04 and 0.02
    const std::vector<float> stored = Ideal(operands, factor);
    const double step = StepOf(factor);
    for (size_t i = 0; i < operands.size(); ++i) {
      const double x = std::ldexp(operands[i], -lines_.fraction);
      const double steps = Function()(x) / step + kZero;
      if (steps >= 1 << (kIndex - 1)) continue;  // beyond what the index holds
      const double real = std::clamp(steps, -1.0, 256.0);
      if (std::abs(real - std::floor(real) - 0.5) < 0.03) continue;
      EXPECT_EQ(stored[i], std::clamp(std::floor(real + 0.5), 0.0, 255.0))
          << "f(" << x << ") in steps of " << step;
    }
  }
}

// Nothing depends on a mask: every run gives the ideal answer.
TEST_F(FunctionLinesTest, EveryRunGivesTheIdealAnswer) {
  std::vector<float> operands;
  const std::vector<float> all = Operands(lines_.fraction);
  for (size_t i = 0; i < all.size(); i += 37) operands.push_back(all[i]);
  const std::vector<float> ideal = Ideal(operands, 201);
  auto module = Lower(operands, 201);
  MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
  for (uint64_t run : {1, 2, 3}) {
    MPCC_ASSERT_OK_AND_ASSIGN(
        ReplayReport report,
        Replay(*module, run, {{{static_cast<int64_t>(operands.size())}, operands}}));
    EXPECT_EQ(report.outputs[0].floats(), ideal) << "run " << run;
  }
}

}  // namespace
}  // namespace mpcc

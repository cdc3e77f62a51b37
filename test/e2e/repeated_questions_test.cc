// SPDX-License-Identifier: Apache-2.0
// What the answers to one question, asked again and again, tell together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ir/mpc/exact_read.h"
#include "mlir/Parser/Parser.h"
#include "runtime/base/status_matchers.h"
#include "test/e2e/replay.h"

namespace mpcc {
namespace {

using reference::LocalTensor;
using Numbers = std::vector<float>;

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
    mlir::OpBuilder b(lut);
    mpc::PublicFunction same{6, {}};
    for (int64_t i = 0; i < 64; ++i) same.values.push_back(i < 32 ? i : i - 64);
    lut.replaceAllUsesWith(
        mpc::ExactReader(b, lut.getLoc(), {{5, 5}}).Apply(extract.getInput(), same, 32));
    lut.erase();
    extract.erase();
  });
}

// One question, asked again and again. The answers of what rounds at random differ by columns of
// the private weight, so that each tells something new.
TEST(RepeatedQuestions, TellNothingNewWhenNothingRoundsAtRandom) {
  mlir::MLIRContext context;
  LoadDialects(context);
  const std::vector<LocalTensor> question = {{{1, 8}, Numbers{17, -29, 4, 23, -11, 30, -6, 14}}};
  for (bool exact : {false, true}) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(kHiddenLayer, &context);
    ASSERT_TRUE(module);
    if (exact) ReadExactly(*module);
    auto ideal = reference::RunMpc(*module->getOps<mlir::func::FuncOp>().begin(), question);
    ASSERT_TRUE(ideal.ok()) << ideal.status();
    MPCC_ASSERT_OK(CompileModule(*module, Stage::kMpc));
    std::set<Numbers> answers;
    for (int run = 1; run <= 60; ++run) {
      MPCC_ASSERT_OK_AND_ASSIGN(const ReplayReport report, Replay(*module, run, question));
      answers.insert(report.outputs[0].floats());
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

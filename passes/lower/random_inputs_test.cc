// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/random_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

// Ids of a table of 200 rows, with the other inputs of an encoder.
constexpr char kEncoder[] = R"(
func.func @main(%a: tensor<1x8xi64> {nn.name = "input_ids", nn.pad = 7 : i64},
                %b: tensor<1x8xi64> {nn.name = "attention_mask"},
                %c: tensor<1x8xi64> {nn.name = "segments", nn.role = "types"},
                %d: tensor<1x8xi64> {nn.name = "position_ids"}) -> tensor<8x1xf32> {
  %table = nn.constant public dense<0.5> : tensor<200x1xf32> : tensor<200x1xf32>
  %w = nn.constant dense<0.5> : tensor<1x3xf32> : tensor<1x3xf32>
  %flat = nn.reshape %a : tensor<1x8xi64> -> tensor<8xi64>
  %x = nn.gather %table, %flat : (tensor<200x1xf32>, tensor<8xi64>) -> tensor<8x1xf32>
  %y = nn.linear %x, %w : (tensor<8x1xf32>, tensor<1x3xf32>) -> tensor<8x3xf32>
  return %x : tensor<8x1xf32>
})";

class RandomInputsTest : public testing::Test {
 protected:
  RandomInputsTest() {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(kEncoder, &context_);
    function_ = *module_->getOps<mlir::func::FuncOp>().begin();
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::func::FuncOp function_;
};

TEST_F(RandomInputsTest, AreTextsOfAllLengthsWithUsualEnds) {
  std::set<int64_t> lengths, firsts;
  for (unsigned i = 0; i < 100; ++i) {
    const auto inputs = RandomInputs(function_, i, 1);
    const auto &ids = inputs[0].ints(), &mask = inputs[1].ints();
    const int64_t length = std::count(mask.begin(), mask.end(), 1);
    EXPECT_TRUE(std::is_sorted(mask.rbegin(), mask.rend())) << "ones, then zeros";
    EXPECT_TRUE(std::all_of(ids.begin() + length, ids.end(), [](int64_t x) { return x == 7; }));
    if (length > 1) {
      EXPECT_EQ(ids[length - 1], ids[0] == 101 ? 102 : 2);
    }
    EXPECT_THAT(inputs[3].ints(), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    lengths.insert(length);
    firsts.insert(ids[0]);
  }
  EXPECT_EQ(lengths.size(), 8u);
  EXPECT_THAT(firsts, testing::ElementsAre(0, 101));
}

TEST_F(RandomInputsTest, AreOfExactLengthWhereTheFunctionIs) {
  function_->setAttr("nn.exact_length", mlir::UnitAttr::get(&context_));
  for (unsigned i = 0; i < 8; ++i)
    EXPECT_THAT(RandomInputs(function_, i, 1)[1].ints(), testing::Each(1));
}

TEST_F(RandomInputsTest, TheFirstIsFullAndSeedsRepeat) {
  const auto inputs = RandomInputs(function_, 0, 1);
  EXPECT_THAT(inputs[1].ints(), testing::Each(1));
  EXPECT_EQ(RandomInputs(function_, 0, 1)[0].ints(), inputs[0].ints());
  EXPECT_NE(RandomInputs(function_, 0, 2)[0].ints(), inputs[0].ints());
}

}  // namespace
}  // namespace mpcc

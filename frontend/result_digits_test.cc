// SPDX-License-Identifier: Apache-2.0
#include "frontend/result_digits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/nn/digits.h"
#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ParseDigits, FourAreUsual) {
  const auto digits = ParseDigits({});
  ASSERT_TRUE(digits.ok());
  EXPECT_EQ(digits->usual, Digits(4));
  EXPECT_TRUE(digits->named.empty());
}

TEST(ParseDigits, OneForAllAndOneForEachName) {
  const auto digits = ParseDigits({"all", "logits=2", "a=b=all", "zero=0"});
  ASSERT_TRUE(digits.ok()) << digits.status();
  EXPECT_EQ(digits->usual, Digits());
  EXPECT_THAT(digits->named, ElementsAre(Pair("a=b", Digits()), Pair("logits", Digits(2)),
                                         Pair("zero", Digits(0))));
}

TEST(ParseDigits, TellsAllThatItCannotRead) {
  const auto digits =
      ParseDigits({"10", "-1", "x", "", "=3", "y=", "y=2.5", "z=1", "z=all", "3", "4"});
  const std::string told(digits.status().message());
  for (const char* text : {"'10'", "'-1'", "'x'", "''", "'=3'", "'y='", "'y=2.5'",
                           "'z=all' beside another one", "'4' beside another one"})
    EXPECT_THAT(told, HasSubstr(text));
  EXPECT_THAT(told, HasSubstr("accepted: 0 to 9 digits after the point, or all"));
}

class SetDigitsTest : public ::testing::Test {
 protected:
  SetDigitsTest() {
    context_
        .loadDialect<nn::NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(R"(
      func.func @f(%x: tensor<2xf32> {nn.owner = "data"})
          -> (tensor<2xf32> {nn.name = "own"}, tensor<2xf32> {nn.name = "a"},
              tensor<2xf32> {nn.name = "b"}) {
        %c = nn.constant dense<2.0> : tensor<2xf32> : tensor<2xf32>
        %y = nn.binary mul %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
        %z = nn.binary add %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
        return %x, %y, %z : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
      })",
                                                      &context_);
    function_ = *module_->getOps<mlir::func::FuncOp>().begin();
  }

  std::vector<std::optional<int>> Set(const ResultDigits& digits) {
    SetDigits(function_, digits, problems_);
    return {nn::DigitsOf(function_, 0), nn::DigitsOf(function_, 1), nn::DigitsOf(function_, 2)};
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::func::FuncOp function_;
  Problems problems_;
};

TEST_F(SetDigitsTest, AreOnResultsThatAreRevealed) {
  EXPECT_THAT(Set({4, {}}), ElementsAre(std::nullopt, 4, 4));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(SetDigitsTest, ANameHasItsOwn) {
  EXPECT_THAT(Set({4, {{"a", 2}, {"b", std::nullopt}}}),
              ElementsAre(std::nullopt, 2, std::nullopt));
}

TEST_F(SetDigitsTest, EveryNameOfNoResultIsAProblem) {
  Set({4, {{"own", 2}, {"c", 3}}});
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::node, "c"), Field(&Problem::node, "own")));
  EXPECT_EQ(problems_.front().accepted, "a, b");
}

}  // namespace
}  // namespace mpcc

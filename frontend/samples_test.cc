// SPDX-License-Identifier: Apache-2.0
#include "frontend/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;
using testing::ElementsAre;
using testing::HasSubstr;

class Samples : public testing::Test {
 protected:
  void SetUp() override { context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>(); }

  std::vector<Sample> Read(const std::string& text) {
    std::istringstream lines(text);
    return ReadSamples(lines, "ids.jsonl", problems_);
  }

  // A function of `arguments` without results.
  FuncOp Function(const std::string& arguments) {
    modules_.push_back(mlir::parseSourceString<mlir::ModuleOp>(
        "func.func @main(" + arguments + ") { return }", &context_));
    return *modules_.back()->getOps<FuncOp>().begin();
  }

  std::vector<nn::Tensor::Ints> Fit(FuncOp function, const std::string& text) {
    auto inputs = FitSample(function, Read(text).at(0), "ids.jsonl", problems_);
    std::vector<nn::Tensor::Ints> ints;
    for (const nn::Tensor& tensor : inputs.value_or(std::vector<nn::Tensor>()))
      ints.push_back(tensor.ints());
    return ints;
  }

  mlir::MLIRContext context_;
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules_;
  Problems problems_;
};

TEST_F(Samples, TakesObjectsBareListsAndNestedLists) {
  auto samples = Read("[1, 2]\n\n{\"input_ids\": [[3, 4, 5]], \"attention_mask\": [1, 1, 0]}\n");
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_THAT(samples[0].values["input_ids"], ElementsAre(1, 2));
  EXPECT_EQ(samples[0].length, 2);
  EXPECT_EQ(samples[1].line, 3);
  EXPECT_THAT(samples[1].values["input_ids"], ElementsAre(3, 4, 5));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(Samples, NamesEveryLineThatIsNoSample) {
  EXPECT_EQ(Read("[1, 2\n[1]\n{\"input_ids\": \"words\"}\n7\n[]\n[1, \"x\"]\n").size(), 1u);
  std::vector<std::string> nodes;
  for (const Problem& problem : problems_) nodes.push_back(problem.node);
  EXPECT_THAT(nodes, ElementsAre("ids.jsonl:1", "ids.jsonl:3", "ids.jsonl:4", "ids.jsonl:5",
                                 "ids.jsonl:6"));
}

TEST_F(Samples, RefusesListsThatAreNestedTooDeep) {
  const std::string deep(100000, '['), end(100000, ']');
  EXPECT_TRUE(Read(deep + "1" + end + "\n").empty());
  EXPECT_EQ(problems_.size(), 1u);
}

TEST_F(Samples, RefusesInputsThatAreGivenTwice) {
  EXPECT_TRUE(Read("{\"input_ids\": [1], \"input_ids\": [2]}\n").empty());
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].found, "input \"input_ids\" given twice");
}

TEST_F(Samples, RefusesAFileWithoutSamples) {
  EXPECT_TRUE(Read("\n\n").empty());
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].found, "no samples");
}

TEST_F(Samples, PadsByTheUsualNames) {
  FuncOp function = Function(
      "%a: tensor<1x4xi64> {nn.name = \"input_ids\"}, %b: tensor<1x4xi64> {nn.name = "
      "\"attention_mask\"}, %c: tensor<1x4xi64> {nn.name = \"token_type_ids\"}, %d: "
      "tensor<1x4xi64> {nn.name = \"position_ids\"}");
  EXPECT_THAT(Fit(function, "[8, 9]"),
              ElementsAre(ElementsAre(8, 9, 0, 0), ElementsAre(1, 1, 0, 0), ElementsAre(0, 0, 0, 0),
                          ElementsAre(0, 1, 2, 3)));
  EXPECT_THAT(Fit(function,
                  "{\"input_ids\": [8, 9], \"attention_mask\": [0, 1], "
                  "\"position_ids\": [2, 3]}"),
              ElementsAre(ElementsAre(8, 9, 0, 0), ElementsAre(0, 1, 0, 0), ElementsAre(0, 0, 0, 0),
                          ElementsAre(2, 3, 3, 3)));
}

TEST_F(Samples, RolesAndPaddingOfTheFunctionGoBeforeNames) {
  FuncOp function = Function(
      "%a: tensor<1x3xi64> {nn.name = \"input_1\", nn.role = \"ids\", nn.pad = 1 : i64}, %b: "
      "tensor<1x3xi64> {nn.name = \"x.2\", nn.role = \"mask\"}");
  EXPECT_THAT(Fit(function, "{\"input_ids\": [5, 6], \"attention_mask\": [1, 0]}"),
              ElementsAre(ElementsAre(5, 6, 1), ElementsAre(1, 0, 0)));
  EXPECT_THAT(Fit(function, "{\"input_1\": [5, 6]}"),
              ElementsAre(ElementsAre(5, 6, 1), ElementsAre(1, 1, 0)));
}

TEST_F(Samples, NamesInputsThatDoNotFit) {
  FuncOp function = Function(
      "%a: tensor<1x4xi64> {nn.name = \"input_ids\"}, %b: tensor<1x4xi64> {nn.name = "
      "\"attention_mask\"}, %c: tensor<2xf32> {nn.name = \"features\"}");
  EXPECT_TRUE(Fit(function, "{\"input_ids\": [1, 2.5], \"attention_mask\": [1, 1, 1]}").empty());
  ASSERT_EQ(problems_.size(), 3u);
  EXPECT_THAT(problems_[0].found, HasSubstr("'input_ids': numbers that are not integers"));
  EXPECT_THAT(problems_[1].found, HasSubstr("'attention_mask': 3 values where 2 are needed"));
  EXPECT_THAT(problems_[2].found, HasSubstr("'features': a sample without it"));
}

TEST_F(Samples, GoIntoTheSmallestBucketAndTooLongOnesAreOneProblem) {
  const FuncOp buckets[] = {Function("%a: tensor<1x4xi64> {nn.name = \"input_ids\"}"),
                            Function("%a: tensor<1x2xi64> {nn.name = \"input_ids\"}")};
  auto fitted =
      FitSamples(buckets, Read("[1]\n[1, 2, 3]\n[1, 2, 3, 4, 5]\n[1, 2]\n[6, 7, 8, 9, 10]"),
                 "ids.jsonl", problems_);
  ASSERT_EQ(fitted.size(), 2u);
  EXPECT_THAT(fitted[0].lines, ElementsAre(2));
  EXPECT_THAT(fitted[1].lines, ElementsAre(1, 4));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_THAT(problems_[0].found, HasSubstr("2 samples of more tokens (line 3, 5)"));
  EXPECT_THAT(problems_[0].accepted, HasSubstr("up to 4 tokens"));
}

TEST_F(Samples, AreNotPaddedForFunctionsOfExactLength) {
  const std::string head = "%a: tensor<1x2xi64> {nn.role = \"ids\"}";
  std::vector<FuncOp> buckets = {Function(head),
                                 Function("%a: tensor<1x4xi64> {nn.role = \"ids\"}")};
  for (FuncOp bucket : buckets) bucket->setAttr("nn.exact_length", mlir::UnitAttr::get(&context_));
  const auto fitted =
      FitSamples(buckets, Read("[1, 2]\n[3, 4, 5]\n[6]\n[1, 2, 3, 4]\n"), "ids.jsonl", problems_);
  EXPECT_THAT(fitted[0].lines, ElementsAre(1));
  EXPECT_THAT(fitted[1].lines, ElementsAre(4));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].found, "2 samples of other lengths (line 2, 3)");
  EXPECT_THAT(problems_[0].accepted, HasSubstr("2, 4 tokens"));
}

}  // namespace
}  // namespace mpcc

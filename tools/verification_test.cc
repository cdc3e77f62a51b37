// SPDX-License-Identifier: Apache-2.0
#include "tools/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "ir/mpc/mpc.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/pipeline.h"
#include "tools/register_compiler.h"
#include "tools/verification_report.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;
using Module = mlir::OwningOpRef<mlir::ModuleOp>;

// x -> quantizer of -16 to 15.875 -> linear -> tanh; the range of the linear layer is RANGE.
constexpr char kNetwork[] = R"(
!q = !quant.uniform<i8:f32, 0.125>
!w = !quant.uniform<i8<-1:1>:f32, 0.125>
func.func @main(%x: tensor<1x4xf32> {nn.name = "x", nn.owner = "data"}) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, 1]]> : tensor<4x2xi8> : tensor<4x2x!w>
  %q = nn.quantize %x : tensor<1x4xf32> -> tensor<1x4x!q> loc("input/Q")
  %h = nn.linear %q, %w {nn.range = RANGE : f64} : (tensor<1x4x!q>, tensor<4x2x!w>) -> tensor<1x2xf32> loc("layer/MatMul")
  %y = nn.unary tanh %h : tensor<1x2xf32> -> tensor<1x2xf32> loc("layer/Tanh")
  return %y : tensor<1x2xf32>
})";

constexpr char kQuantizedAgain[] = R"(
!q = !quant.uniform<i8:f32, 0.25:-3>
!w = !quant.uniform<i8:f32, 0.5>
func.func @main(%x: tensor<1x4xf32> {nn.owner = "data", nn.name = "x"}) -> (tensor<1x2xf32> {nn.name = "y"}) {
  %w = nn.constant dense<[[1, -1], [1, 1], [-1, 1], [1, 1]]> : tensor<4x2xi8> : tensor<4x2x!w>
  %v = nn.constant dense<[[1, -1], [1, 1]]> : tensor<2x2xi8> : tensor<2x2x!w>
  %q = nn.quantize %x : tensor<1x4xf32> -> tensor<1x4x!q> loc("input/Q")
  %h = nn.linear %q, %w {nn.range = 16.0 : f64} : (tensor<1x4x!q>, tensor<4x2x!w>) -> tensor<1x2xf32> loc("first/MatMul")
  %a = nn.quantize %h : tensor<1x2xf32> -> tensor<1x2x!q> loc("first/Q")
  %d = nn.dequantize %a : tensor<1x2x!q> -> tensor<1x2xf32>
  %b = nn.quantize %d : tensor<1x2xf32> -> tensor<1x2x!q> loc("second/Q")
  %y = nn.linear %b, %v {nn.range = 16.0 : f64} : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2xf32> loc("second/MatMul")
  return %y : tensor<1x2xf32>
})";

class VerificationTest : public testing::Test {
 protected:
  VerificationTest() {
    mlir::DialectRegistry registry;
    RegisterMpccDialects(registry);
    context_.appendDialectRegistry(registry);
    context_.loadAllAvailableDialects();
  }

  void Lower(const std::string& range) {
    std::string text = kNetwork;
    LowerText(text.replace(text.find("RANGE"), 5, range));
  }

  void LowerText(const std::string& text) {
    canonical_ = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
    imported_ = canonical_->clone();
    NumberValues(Function(canonical_));
    lowered_ = canonical_->clone();
    mlir::PassManager passes(&context_);
    BuildEmissionPipeline(passes, {});
    ASSERT_TRUE(mlir::succeeded(passes.run(*lowered_)));
  }

  static FuncOp Function(Module& module) { return *module->getOps<FuncOp>().begin(); }

  Verification Run(const std::vector<nn::Tensor::Floats>& inputs, Feeding feeding = Feeding::kOwn) {
    FittedSamples samples;
    for (const auto& values : inputs) {
      samples.inputs.push_back({nn::Tensor{{1, 4}, values}});
      samples.lines.push_back(static_cast<int64_t>(samples.lines.size()) + 1);
      samples.lengths.push_back(4);
    }
    auto found = Verify({Function(imported_), Function(canonical_), Function(lowered_)}, samples,
                        "in.jsonl", feeding, [](size_t) {});
    EXPECT_TRUE(found.ok()) << found.status();
    return *std::move(found);
  }

  static Site Find(const Verification& verification, const std::string& node,
                   const std::string& place) {
    for (const auto& [key, site] : verification.sites)
      if (site.node == node && site.place == place) return site;
    ADD_FAILURE() << node << " has no " << place;
    return {};
  }

  mlir::MLIRContext context_;
  Module imported_, canonical_, lowered_;
};

TEST(Agree, WhatIsNoNumberAgreesWithNothing) {
  const nn::Tensor numbers{{2}, nn::Tensor::Floats{1, 2}};
  for (const float none :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const nn::Tensor other{{2}, nn::Tensor::Floats{1, none}};
    EXPECT_EQ(Agree(numbers, other, 0, 0, {}).cosine, 0);
    EXPECT_EQ(Agree(other, other, 0, 0, {}).cosine, 0);
  }
}

TEST_F(VerificationTest, AGoodProgramAgreesEverywhere) {
  Lower("4.0");
  const Verification found = Run({{1, 2, 3, 4}, {-3, 0.5, 1, 0}});
  EXPECT_GT(LeastCosine(found), 0.999);
  ASSERT_EQ(found.agreements.size(), 2u);
  EXPECT_EQ(found.agreements[0].result, "y");
  EXPECT_EQ(found.agreements[1].line, 2);
  const Site site = Find(found, "layer/MatMul", "function");
  EXPECT_EQ(site.wrapped, 0);
  EXPECT_FLOAT_EQ(site.largest, 1);
  EXPECT_LT(Find(found, "input/Q", "operand").farthest, 0.125);
  EXPECT_THAT(ReportText(found, false), testing::HasSubstr(" 0 suspect\n"));
}

TEST_F(VerificationTest, IntegersBehindAQuantizerAreCounted) {
  Lower("4.0");
  const Verification found = Run({{1, 2, 3, 4}, {-3, 0.5, 1, 0}});
  const Site site = Find(found, "input/Q", "operand");
  EXPECT_EQ(site.equal, site.elements);
  EXPECT_EQ(site.farther, 0);
  EXPECT_EQ(ReportJson(found)["equal"], 1.0);
  EXPECT_THAT(ReportText(found, false),
              testing::HasSubstr("8 integers behind quantizers: 100 % equal"));
}

// A wrong first table leaves the rest of the program alone where that reads what the file has.
TEST_F(VerificationTest, EachSiteIsComparedOnItsOwn) {
  Lower("4.0");
  lowered_->walk([&](mlir::Operation* op) {
    if (!llvm::isa<mpc::AddOp, mpc::SaturateOp>(op) || !op->hasAttr("mpc.marks")) return;
    mlir::OpBuilder builder(op);
    builder.setInsertionPointAfter(op);
    auto off = builder.create<mpc::AddPublicOp>(op->getLoc(), op->getResult(0),
                                                builder.getI64IntegerAttr(5));
    op->getResult(0).replaceAllUsesExcept(off, off);
    off->setAttr("mpc.marks", op->removeAttr("mpc.marks"));
  });
  const Verification own = Run({{1, 2, 3, 4}}), fed = Run({{1, 2, 3, 4}}, Feeding::kFiles);
  EXPECT_GT(Find(own, "layer/MatMul", "function").Deviation(), 0.1);
  EXPECT_LT(Find(fed, "layer/MatMul", "function").Deviation(), 0.01);
  EXPECT_EQ(Find(fed, "input/Q", "operand").equal, 0);
  EXPECT_EQ(Find(fed, "input/Q", "operand").farther, 4);
}

// What the file has is real; a wire may stand for it beside a zero point.
TEST_F(VerificationTest, AValueQuantizedAgainIsComparedOnItsOwn) {
  LowerText(kQuantizedAgain);
  const Verification found = Run({{1, 2, 3, 4}}, Feeding::kFiles);
  EXPECT_EQ(ReportJson(found)["equal"], 1.0);
}

// Half a step before the quantizer in the middle: 0 and 0 in the file, and a noise moves both.
TEST_F(VerificationTest, NearTiesOfTheFileAreCountedApart) {
  LowerText(kQuantizedAgain);
  const Verification found = Run({{0.25, 0, 0, 0}, {1, 2, 3, 4}});
  ASSERT_EQ(found.agreements.size(), 2u);
  EXPECT_EQ(found.agreements[0].near_ties, 1);
  EXPECT_EQ(found.agreements[0].same_clear_labels, 0);
  EXPECT_EQ(found.agreements[1].near_ties, 0);
  EXPECT_EQ(found.agreements[1].same_clear_labels, 1);
  EXPECT_THAT(ReportText(found, false),
              testing::HasSubstr("of 2 labels the same, 1 of 1 without the near ties of the file"));
  EXPECT_EQ(ReportJson(found)["near_ties"], 1);
  EXPECT_EQ(ReportJson(found)["same_clear_labels"], 1.0);
}

TEST_F(VerificationTest, WhatNoNoiseMovesIsNoNearTie) {
  Lower("4.0");  // its quantizer is the data owner's, and exact
  const Verification found = Run({{0, 0, 0, 0}});
  EXPECT_EQ(found.agreements[0].near_ties, 0);
  EXPECT_THAT(ReportText(found, false), testing::Not(testing::HasSubstr("near ties")));
}

TEST(NearTies, AreNearerThanWhatNoiseMakes) {
  const double row[] = {1, 2.5, -3, 2};
  EXPECT_TRUE(IsNearTie(row, 4, 0.6));
  EXPECT_FALSE(IsNearTie(row, 4, 0.5));
  EXPECT_TRUE(IsNearTie(row, 2, 1.6));
}

// Of four positions the text has two.
TEST(NearTies, OfPaddedRowsDoNotCount) {
  const nn::Tensor expected{{1, 4, 2}, nn::Tensor::Floats{0, 1, 1, 1.5, 5, 4, 0, 0}};
  const nn::Tensor found{{1, 4, 2}, nn::Tensor::Floats{0, 1, 1.5, 1, 4, 5, 0, 0}};
  const Agreement agreement = Agree(expected, found, 4, 2, {0.1, 0.6, 9, 9});
  EXPECT_EQ(agreement.labels, 2);
  EXPECT_EQ(agreement.same_labels, 1);
  EXPECT_EQ(agreement.near_ties, 1);
  EXPECT_EQ(agreement.same_clear_labels, 1);
}

TEST_F(VerificationTest, TheReportForProgramsHasThePrivateAnswer) {
  Lower("4.0");
  const Verification found = Run({{1, 2, 3, 4}});
  const nlohmann::json report = ReportJson(found);
  EXPECT_EQ(report["answers"][0]["values"].get<std::vector<double>>(), found.agreements[0].values);
  EXPECT_FALSE(found.agreements[0].values.empty());
}

TEST_F(VerificationTest, FindsARangeThatWraps) {
  Lower("0.1");
  const Verification found = Run({{1, 2, 3, 4}});
  const Site site = Find(found, "layer/MatMul", "function");
  EXPECT_LT(site.holds, site.largest);
  EXPECT_GT(site.wrapped, 0);
  EXPECT_THAT(ReportText(found, false),
              testing::HasSubstr("layer/MatMul (function): largest 1 of "));
}

TEST_F(VerificationTest, FindsAQuantizerThatClips) {
  Lower("10.0");
  const Verification found = Run({{40, 0, 1, 0}});
  const Site site = Find(found, "input/Q", "operand");
  EXPECT_EQ(site.clipping.Share(), 0.25);
  EXPECT_LT(site.farthest, 0.125);  // privately 15.875 too
  EXPECT_THAT(ReportText(found, false), testing::HasSubstr("25 % beyond the quantizer"));
}

TEST_F(VerificationTest, FindsAWrongTable) {
  Lower("4.0");
  // Every table becomes one of another function: its entries are all the first one.
  lowered_->walk([&](mpc::LutOp op) {
    auto table = op.getTable().getDefiningOp<mpc::ConstantOp>();
    auto type = llvm::cast<mlir::RankedTensorType>(table.getValue().getType());
    mlir::OpBuilder builder(table);
    table->setAttr("value", mlir::DenseElementsAttr::get(
                                type, builder.getIntegerAttr(type.getElementType(), 1)));
  });
  const Verification found = Run({{1, 2, 3, 4}});
  EXPECT_LT(LeastCosine(found), 0.99);
  const Site site = Find(found, "layer/Tanh", "result");
  EXPECT_GT(site.Deviation(), 0.3);
}

}  // namespace
}  // namespace mpcc

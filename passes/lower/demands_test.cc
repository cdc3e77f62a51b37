// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/demands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/passes.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;

constexpr char kTypes[] = R"(
!q = tensor<4x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
)";

class DemandsTest : public ::testing::Test {
 protected:
  DemandsTest()
      : handler_(&context_, [this](mlir::Diagnostic& diagnostic) { told_ += diagnostic.str(); }) {
    context_.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect,
                         mlir::quant::QuantizationDialect>();
  }

  // Decides about a function; false if that fails.
  bool Decide(const std::string& body) {
    module_ = mlir::parseSourceString<mlir::ModuleOp>(kTypes + body, &context_);
    mlir::PassManager pm(&context_);
    pm.nest<mlir::func::FuncOp>().addPass(createChooseRings());
    pm.nest<mlir::func::FuncOp>().addPass(createChooseLowerings());
    if (!module_ || mlir::failed(pm.run(*module_))) return false;
    function_ = *module_->getOps<mlir::func::FuncOp>().begin();
    demands_.emplace(function_, LoweringPolicy(), false);
    return mlir::succeeded(demands_->Run());
  }

  const Demand& The(Form form) const {
    return *llvm::find_if(demands_->all(), [&](const Demand& d) { return d.form == form; });
  }
  size_t Operations() const {
    size_t count = 0;
    function_->walk([&](mlir::Operation*) { ++count; });
    return count;
  }

  mlir::MLIRContext context_;
  std::string told_;
  mlir::ScopedDiagnosticHandler handler_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::func::FuncOp function_;
  std::optional<Demands> demands_;
};

constexpr char kResidual[] = R"(
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {nn.range = 3.0 : f64} : (!q, !w) -> tensor<4x4xf32>
  %r = nn.quantize %h : tensor<4x4xf32> -> !q
  %y = nn.linear %r, %w {nn.range = 3.0 : f64} : (!q, !w) -> tensor<4x4xf32>
  %s = nn.binary add %h, %y {nn.range = 6.0 : f64} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = nn.quantize %s : tensor<4x4xf32> -> !q
  %z = nn.linear %t, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<4x4xf32>
  return %z : tensor<4x4xf32>
}
)";

TEST_F(DemandsTest, CreateNoOperation) {
  ASSERT_TRUE(Decide(kResidual)) << told_;
  const size_t before = Operations();
  Demands again(function_, LoweringPolicy(), false);
  ASSERT_TRUE(mlir::succeeded(again.Run()));
  EXPECT_EQ(Operations(), before);
  EXPECT_EQ(again.all().size(), demands_->all().size());
}

TEST_F(DemandsTest, ComeAfterThoseThatTheyRead) {
  ASSERT_TRUE(Decide(kResidual)) << told_;
  llvm::DenseSet<const Demand*> seen;
  for (const Demand& demand : demands_->all()) {
    for (const Given& operand : demand.operands) EXPECT_TRUE(seen.contains(operand.demand));
    seen.insert(&demand);
  }
  EXPECT_EQ(demands_->Result(0), &demands_->all().back());
  EXPECT_EQ(demands_->all().back().form, Form::kResult);
}

TEST_F(DemandsTest, ASumFollowsTheUnitOfItsLinearLayerWhoseWeightsAreExact) {
  ASSERT_TRUE(Decide(kResidual)) << told_;
  const Demand& sum = The(Form::kSum);
  const Demand& layer = *sum.operands[0].demand;
  ASSERT_EQ(layer.form, Form::kLinear);
  EXPECT_EQ(sum.operands[0].unit, sum.operands[1].unit);
  EXPECT_EQ(sum.unit, sum.operands[0].unit);
  // A weight of one step is a whole number of units.
  const double multiplier = layer.operands[0].unit * 0.25 / layer.unit;
  EXPECT_EQ(multiplier, std::round(multiplier));
  EXPECT_GE(multiplier, 1);
}

TEST_F(DemandsTest, ResultsAreReadInTheRingOfResultsAndTheirUnit) {
  ASSERT_TRUE(Decide(kResidual)) << told_;
  const Given& result = demands_->Result(0)->operands[0];
  EXPECT_EQ(result.demand->ring, LoweringPolicy().real_ring);
  EXPECT_EQ(result.unit, std::ldexp(1.0, -LoweringPolicy().logit_fraction));
}

// A row whose range is known to be 3, with more attributes; the unit in which it is lifted.
constexpr char kLiftedRow[] = R"(
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %one = nn.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %zero = nn.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {nn.range = 3.0 : f64ATTRIBUTES} : (!q, !w) -> tensor<4x4xf32>
  %n = nn.layer_norm %h, %one, %zero {epsilon = 1.0e-6 : f64, nn.range = 2.0 : f64} : (tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %s = nn.quantize %n : tensor<4x4xf32> -> !q
  %z = nn.linear %s, %w {nn.range = 2.0 : f64} : (!q, !w) -> tensor<4x4xf32>
  return %z : tensor<4x4xf32>
}
)";

TEST_F(DemandsTest, ALiftedRowHoldsWhatNoInputExceedsWhereThatIsNear) {
  const auto reach = [&](const std::string& attributes) {
    std::string body = kLiftedRow;
    body.replace(body.find("ATTRIBUTES"), 10, attributes);
    EXPECT_TRUE(Decide(body)) << told_;
    const Demand& row = *The(Form::kNormalized).operands[0].demand;
    return std::ldexp(The(Form::kNormalized).operands[0].unit, row.width - 2);
  };
  const LoweringPolicy policy;
  const double margin = 3 * policy.range_margin;
  const auto bound = [](double most) { return ", nn.bound = " + std::to_string(most) + " : f64"; };
  EXPECT_LT(reach(""), margin * 1.1);
  EXPECT_LT(reach(bound(2)), margin * 1.1);
  EXPECT_GE(reach(bound(margin * 3.9)), margin * 3.9);
  EXPECT_LT(reach(bound(margin * (policy.row_spread + 1))), margin * 1.1);
}

TEST_F(DemandsTest, WhatP1SeesIsNotDemanded) {
  ASSERT_TRUE(Decide(R"(
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  return %x : tensor<4x4xf32>
}
)"));
  EXPECT_EQ(demands_->Result(0), nullptr);
  EXPECT_TRUE(demands_->all().empty());
}

TEST_F(DemandsTest, RefusalsComeBeforeAnythingIsRewritten) {
  EXPECT_FALSE(Decide(R"(
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {nn.range = 200.0 : f64} : (!q, !w) -> tensor<4x4xf32>
  return %h : tensor<4x4xf32>
}
)"));
  EXPECT_THAT(told_, HasSubstr("a result that reaches 250 with its margin"));
  function_->walk([](mlir::Operation* op) {
    EXPECT_FALSE(llvm::isa<mpc::MpcDialect>(op->getDialect()))
        << op->getName().getStringRef().str();
  });
}

}  // namespace
}  // namespace mpcc

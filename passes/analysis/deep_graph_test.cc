// SPDX-License-Identifier: Apache-2.0
// Analyses of long chains: each op is looked at once, and none deeper than its operands.
#include <gtest/gtest.h>

#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/analysis/sign.h"
#include "passes/analysis/truth.h"

namespace mpcc {
namespace {

constexpr int kDepth = 50000;

class DeepGraph : public testing::Test {
 protected:
  void SetUp() override {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    mlir::OpBuilder b(&context_);
    real_ = mlir::RankedTensorType::get({2}, b.getF32Type());
    auto boolean = mlir::RankedTensorType::get({2}, b.getI1Type());
    function_ =
        b.create<mlir::func::FuncOp>(b.getUnknownLoc(), "f", b.getFunctionType({boolean}, {}));
    b.setInsertionPointToStart(function_->addEntryBlock());
    mlir::Value x = b.create<nn::UnaryOp>(b.getUnknownLoc(), real_, nn::UnaryKind::cast,
                                          function_->getArgument(0));
    truths_.push_back(x);
    for (int i = 0; i < kDepth; ++i) {
      x = b.create<nn::BinaryOp>(b.getUnknownLoc(), real_, nn::BinaryKind::mul, x, x);
      truths_.push_back(x);
    }
    for (int i = 0; i < kDepth; ++i) {
      x = b.create<nn::UnaryOp>(b.getUnknownLoc(), real_, nn::UnaryKind::abs, x);
      x = b.create<nn::UnaryOp>(b.getUnknownLoc(), real_, nn::UnaryKind::neg, x);
    }
    negative_ = x;
    b.create<mlir::func::ReturnOp>(b.getUnknownLoc());
  }

  mlir::MLIRContext context_;
  mlir::Type real_;
  mlir::OwningOpRef<mlir::func::FuncOp> function_;
  std::vector<mlir::Value> truths_;
  mlir::Value negative_;
};

TEST_F(DeepGraph, SignsAreFoundInOneWalk) {
  const SignAnalysis signs(*function_);
  EXPECT_TRUE(signs.Has(negative_, Sign::kNonPositive));
  EXPECT_FALSE(signs.Has(negative_, Sign::kNonNegative));
}

TEST_F(DeepGraph, TruthValuesAreFoundInOneWalk) {
  const TruthAnalysis truths(*function_);
  for (mlir::Value value : truths_) ASSERT_TRUE(truths.IsTruth(value));
  EXPECT_FALSE(truths.IsTruth(negative_));
}

TEST_F(DeepGraph, VisibilityIsFoundInOneWalk) {
  EXPECT_EQ(nn::VisibilityAnalysis(*function_).Of(negative_), nn::Visibility::kSecret);
  function_->setArgAttr(0, nn::kOwnerAttr, mlir::StringAttr::get(&context_, nn::kDataOwner));
  nn::VisibilityAnalysis visibility(*function_);
  EXPECT_EQ(visibility.Of(negative_), nn::Visibility::kData);
}

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/visibility.h"

#include <gtest/gtest.h>

#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "mlir/IR/Builders.h"

namespace mpcc::nn {
namespace {

constexpr Visibility kAll[] = {Visibility::kPublic, Visibility::kData, Visibility::kPrivate,
                               Visibility::kSecret};

class VisibilityTest : public testing::Test {
 protected:
  VisibilityTest() : rewriter_(&context_) {
    context_.loadDialect<NnDialect, mlir::func::FuncDialect>();
    real_ = mlir::RankedTensorType::get({1}, rewriter_.getF32Type());
    auto type = rewriter_.getFunctionType({real_, real_}, {});
    function_ = rewriter_.create<mlir::func::FuncOp>(loc_, "f", type);
    function_->setArgAttr(0, kOwnerAttr, rewriter_.getStringAttr(kDataOwner));
    rewriter_.setInsertionPointToStart(function_->addEntryBlock());
  }

  mlir::Value Constant(bool is_public) {
    return rewriter_.create<ConstantOp>(loc_, real_, mlir::DenseElementsAttr::get(real_, 1.0f),
                                        is_public);
  }
  // A value of each visibility, in their order.
  std::vector<mlir::Value> Values() {
    return {Constant(true), function_->getArgument(0), Constant(false), function_->getArgument(1)};
  }
  // An operation of any name, whether or not it takes such operands.
  mlir::Value Create(llvm::StringRef name, mlir::ValueRange operands) {
    mlir::OperationState state(loc_, name, operands, {real_}, {});
    return rewriter_.create(state)->getResult(0);
  }
  std::vector<std::string> OperationsOfOperands() {
    std::vector<std::string> names;
    for (mlir::RegisteredOperationName op : context_.getRegisteredOperations())
      if (op.getDialectNamespace() == "nn" && op.getTypeID() != mlir::TypeID::get<ConstantOp>() &&
          op.getTypeID() != mlir::TypeID::get<MapOp>() &&
          op.getTypeID() != mlir::TypeID::get<YieldOp>())
        names.push_back(op.getStringRef().str());
    return names;
  }

  mlir::MLIRContext context_;
  mlir::IRRewriter rewriter_;
  mlir::Location loc_ = mlir::UnknownLoc::get(&context_);
  mlir::RankedTensorType real_;
  mlir::OwningOpRef<mlir::func::FuncOp> function_;
};

TEST_F(VisibilityTest, EveryOperationJoinsItsOperands) {
  const std::vector<mlir::Value> values = Values();
  std::vector<std::tuple<std::string, mlir::Value, Visibility, Visibility>> made;
  for (const std::string& name : OperationsOfOperands())
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < 4; ++b) {
        const bool opens =
            ((a | b) == 3) && a != 3 && b != 3 && name != "nn.linear" && name != "nn.matmul";
        made.emplace_back(name, Create(name, {values[a], values[b]}), kAll[a | b],
                          opens ? Visibility::kData : kAll[a | b]);
      }
  EXPECT_GE(made.size(), 16u * 19);
  const VisibilityAnalysis marked(*function_), undecided(*function_, Unmarked::kUndecided);
  for (const auto& [name, value, after, before] : made) {
    EXPECT_EQ(marked.Of(value), after) << name;
    EXPECT_EQ(undecided.Of(value), before) << name;
  }
}

TEST_F(VisibilityTest, AListenerFollowsARewriter) {
  const std::vector<mlir::Value> values = Values();
  mlir::Value first = Create("nn.unary", {values[2]}), second = Create("nn.unary", {first});
  VisibilityAnalysis visibility(*function_);
  EXPECT_EQ(visibility.Of(second), Visibility::kPrivate);
  rewriter_.setListener(&visibility);
  mlir::Value third = Create("nn.binary", {second, values[1]});
  EXPECT_EQ(visibility.Of(third), Visibility::kSecret);
  rewriter_.replaceAllUsesWith(values[2], values[0]);
  EXPECT_EQ(visibility.Of(second), Visibility::kPublic);
  EXPECT_EQ(visibility.Of(third), Visibility::kData);
  rewriter_.eraseOp(third.getDefiningOp());
  EXPECT_EQ(visibility.Of(third), Visibility::kSecret);
}

}  // namespace
}  // namespace mpcc::nn

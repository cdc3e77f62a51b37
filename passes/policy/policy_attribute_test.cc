// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/policy_attribute.h"

#include <gtest/gtest.h>

#include "mlir/IR/Builders.h"
#include "mlir/IR/OwningOpRef.h"
#include "passes/policy/policy_keys.h"

namespace mpcc {
namespace {

class PolicyAttribute : public ::testing::Test {
 protected:
  PolicyAttribute()
      : module_(mlir::ModuleOp::create(mlir::UnknownLoc::get(&context_))),
        builder_(&context_),
        handler_(&context_, [this](mlir::Diagnostic& diagnostic) { told_ = diagnostic.str(); }) {}

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::Builder builder_;
  std::string told_;
  mlir::ScopedDiagnosticHandler handler_;
};

TEST_F(PolicyAttribute, TheUsualPolicyLeavesNone) {
  SetPolicy(*module_, LoweringPolicy());
  EXPECT_FALSE(module_->getOperation()->hasAttr(kPolicyAttr));
  ASSERT_TRUE(mlir::succeeded(PolicyOf(*module_)));
}

TEST_F(PolicyAttribute, EveryKeyIsReadAsItWasWritten) {
  for (const PolicyKey& key : PolicyKeys()) {
    LoweringPolicy policy;
    const std::string end = key.least == key.most ? "paper"
                            : key.name == std::string("net-rtt")
                                ? "0.0425"
                                : std::to_string(int64_t(key.most));
    ASSERT_TRUE(SetPolicyKey(policy, key.name, end).ok()) << key.name;
    SetPolicy(*module_, policy);
    auto read = PolicyOf(*module_);
    ASSERT_TRUE(mlir::succeeded(read)) << key.name << ": " << told_;
    EXPECT_EQ(Differences(*read), Differences(policy)) << key.name;
  }
}

TEST_F(PolicyAttribute, WhatIsNoPolicyIsRefused) {
  auto refused = [&](mlir::Attribute attribute) {
    module_->getOperation()->setAttr(kPolicyAttr, attribute);
    told_.clear();
    return mlir::failed(PolicyOf(*module_)) && !told_.empty();
  };
  auto entry = [&](llvm::StringRef name, mlir::Attribute value) -> mlir::Attribute {
    return builder_.getDictionaryAttr(builder_.getNamedAttr(name, value));
  };
  EXPECT_TRUE(refused(builder_.getUnitAttr()));
  EXPECT_TRUE(refused(entry("no-such-key", builder_.getI64IntegerAttr(1))));
  EXPECT_TRUE(refused(entry("table-bits", builder_.getI64IntegerAttr(9))));
  EXPECT_TRUE(refused(entry("table-bits", builder_.getF64FloatAttr(2.5))));
  EXPECT_TRUE(refused(entry("table-bits", builder_.getUnitAttr())));
  EXPECT_TRUE(refused(entry("lowering", builder_.getStringAttr("fast"))));
}

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "codegen/codegen.h"
#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/QuantOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/leak/passes.h"
#include "passes/offline/passes.h"
#include "runtime/plan/leak_kinds.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_validator.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Replace(std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

class PlanWriterTest : public testing::Test {
 protected:
  PlanWriterTest() {
    context_.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect,
                         mlir::quant::QuantizationDialect>();
    directory_ = fs::path(testing::TempDir()) /
                 testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(directory_);
  }
  ~PlanWriterTest() override { fs::remove_all(directory_); }

  static std::string Example() {
    return ReadFile(fs::path(std::getenv("MPCC_SOURCE_DIR")) / "test/codegen/Inputs/layer.mlir");
  }

  mlir::OwningOpRef<mlir::ModuleOp> Compile(const std::string& text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
    EXPECT_TRUE(module);
    mlir::PassManager pm(&context_);
    BuildOfflinePipeline(pm);
    const std::vector<std::string> allowed = {kRoundingCoins};
    VerifyNoLeakOptions leaks;
    leaks.allow = allowed;
    pm.addPass(createVerifyNoLeak(leaks));
    EXPECT_TRUE(module && mlir::succeeded(pm.run(*module)));
    return module;
  }

  // The files of a plan set, by party.
  std::array<std::string, 3> Files(const std::string& text, const std::string& folder) {
    const absl::Status status = WritePlans(*Compile(text), (directory_ / folder).string());
    EXPECT_TRUE(status.ok()) << status;
    std::array<std::string, 3> files;
    for (int party = 0; party < 3; ++party)
      files[party] = ReadFile(directory_ / folder / fmt::format("party{}.plan", party));
    return files;
  }

  mlir::MLIRContext context_;
  fs::path directory_;
};

// Abstract operations and private constants leave no step; a deal is its target's.
TEST(StepTable, EveryOperationOfThePartiesIsTheOperationOfOneOpcode) {
  mlir::MLIRContext context;
  context.loadDialect<mpc::MpcDialect>();
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations()) {
    const auto* protocol = name.getInterface<mpc::ProtocolOp>();
    const llvm::StringRef text = name.getStringRef();
    if (!protocol || protocol->getRole() == mpc::Role::kConstant ||
        protocol->getRole() == mpc::Role::kAbstract || text == mpc::SealedOp::getOperationName() ||
        text == mpc::DealOp::getOperationName())
      continue;
    const auto opcodes = AllOpcodes();
    const auto row =
        llvm::find_if(opcodes, [&](const OpcodeInfo& info) { return info.operation == text; });
    ASSERT_NE(row, opcodes.end()) << text.str();
    EXPECT_EQ(row->cost, protocol->getCostOperation()) << text.str();
  }
}

TEST_F(PlanWriterTest, EveryWrittenPlanPassesTheValidator) {
  Files(Example(), "set");
  for (int party = 0; party < 3; ++party) {
    const auto plan =
        LoadedPlan::Open((directory_ / "set" / fmt::format("party{}.plan", party)).string());
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_EQ((*plan)->plan().party(), static_cast<uint32_t>(party));
  }
}

TEST_F(PlanWriterTest, TheCostOfThePlanIsThatOfTheAnnotatedFunction) {
  auto module = Compile(Example());
  const auto plan = BuildPlan(*module, 1);
  ASSERT_TRUE(mlir::succeeded(plan));
  const plan::Cost& cost = plan->plan.programs(0).cost();
  auto declared = module->lookupSymbol("f")->getAttrOfType<mpc::CostAttr>(mpc::kCostAttr);
  EXPECT_EQ(CostFromProto(cost), declared.value());
}

TEST_F(PlanWriterTest, PlansOfTheOnlinePartiesDoNotDependOnPrivateConstants) {
  std::string other = Example();
  Replace(other, "dense<[[1, -1], [-1, 1], [1, 1], [-1, -1]]>", "dense<1>");
  Replace(other, "dense<[3, -5]>", "dense<[0, 0]>");
  Replace(other, "dense<7>", "dense<-1>");
  Replace(other, "dense<[2, 9]>", "dense<[0, 0]>");
  const auto a = Files(Example(), "a"), b = Files(other, "b");
  EXPECT_NE(a[0], b[0]);
  EXPECT_EQ(a[1], b[1]);
  EXPECT_EQ(a[2], b[2]);
}

TEST_F(PlanWriterTest, AnotherEmbeddingKeepsTheSetId) {
  std::string other = Example();
  Replace(other, "[0.5, 1.0, -1.0, 0.25]", "[1.0, 1.0, 1.0, 1.0]");
  const auto id = [&](const std::string& text) {
    auto module = Compile(text);
    return SetIdOf(*BuildPlan(*module, 1), *BuildPlan(*module, 2));
  };
  EXPECT_EQ(id(Example()), id(other));
  Replace(other, "fraction_bits = 4", "fraction_bits = 5");
  EXPECT_NE(id(Example()), id(other));
}

TEST_F(PlanWriterTest, ATokenizerIsInThePlanOfP1AndNowhereElse) {
  const auto plain = Files(Example(), "plain");
  const absl::Status status =
      WritePlans(*Compile(Example()), (directory_ / "text").string(), "{\"a\": 1}");
  ASSERT_TRUE(status.ok()) << status;
  const auto plan = LoadedPlan::Open((directory_ / "text/party1.plan").string());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((*plan)->plan().tokenizer(), "{\"a\": 1}");
  for (int party : {0, 2})  // the set id is the same, too
    EXPECT_EQ(ReadFile(directory_ / fmt::format("text/party{}.plan", party)), plain[party]);
}

TEST_F(PlanWriterTest, WeightsAreSharedBetweenSequenceLengths) {
  std::string longer = Example();
  Replace(longer, "@f(", "@g(");
  Replace(longer, "mpc.sequence_length = 2", "mpc.sequence_length = 1");
  const auto plan = BuildPlan(*Compile(Example() + longer), 0);
  ASSERT_TRUE(mlir::succeeded(plan));
  EXPECT_EQ(plan->plan.programs_size(), 2);
  EXPECT_EQ(plan->plan.programs(0).sequence_length(), 1u);
  EXPECT_EQ(plan->plan.shared_constants_size(), 1);
}

TEST_F(PlanWriterTest, AModuleThatWasNotSplitLeavesNoFile) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(Example(), &context_);
  const absl::Status status = WritePlans(*module, directory_.string());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(fs::exists(directory_ / "party1.plan"));
}

TEST_F(PlanWriterTest, IntegersOfAnotherWidthThanTheRingAreRefused) {
  std::string text = Example();
  for (int i = 0; i < 2; ++i) Replace(text, "tensor<1x2x4xi16>", "tensor<1x2x4xi32>");
  EXPECT_TRUE(mlir::failed(BuildPlan(*Compile(text), 1)));
}

}  // namespace
}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// Hand-written programs: every wire of the private run is that of the interpreter.
#include "test/e2e/replay.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

std::string ReadSource(const std::string& path) {
  std::ifstream file(std::string(std::getenv("MPCC_SOURCE_DIR")) + "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() { LoadDialects(context_); }

  // Compiles and replays with several seeds.
  ReplayReport ReplayAll(const std::string& text, Stage stage, int seeds = 5,
                         reference::RandomInputs inputs = {}) {
    ReplayReport report;
    auto module = CompileText(context_, text, stage);
    EXPECT_TRUE(module.ok()) << module.status();
    if (!module.ok()) return report;
    for (int seed = 1; seed <= seeds; ++seed) {
      inputs.seed = seed;
      absl::StatusOr<ReplayReport> replayed = Replay(**module, inputs);
      EXPECT_TRUE(replayed.ok()) << "seed " << seed << ": " << replayed.status();
      if (replayed.ok()) report = *std::move(replayed);
    }
    return report;
  }

  mlir::MLIRContext context_;
};

TEST_F(ReplayTest, ALayerOfEveryFamily) {
  const ReplayReport report =
      ReplayAll(ReadSource("test/codegen/Inputs/layer.mlir"), Stage::kShares, 10, {.most_id = 2});
  EXPECT_GE(report.share_wires, 13u);
  EXPECT_GE(report.local_wires, 3u);
  EXPECT_GT(report.cost.rounds, 2u);
}

// Ring widths on both sides of every lane boundary, and the extremes.
TEST_F(ReplayTest, ProductsInRingsOfEveryLane) {
  for (int l : {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64}) {
    const std::string text = ReadSource("test/e2e/Inputs/products.mlir");
    std::string widened = text;
    for (size_t at; (at = widened.find("WIDTH")) != std::string::npos;)
      widened.replace(at, 5, std::to_string(l));
    SCOPED_TRACE(l);
    EXPECT_GE(ReplayAll(widened, Stage::kShares, 2, {.magnitude = 100}).share_wires, 10u);
  }
}

TEST_F(ReplayTest, WhatTheDataOwnerComputesAlone) {
  const ReplayReport report =
      ReplayAll(ReadSource("test/e2e/Inputs/plain.mlir"), Stage::kShares, 5, {.magnitude = 40});
  EXPECT_GE(report.local_wires, 10u);
}

// lift, row_max and mixed sharings, which the sharing stages expand.
TEST_F(ReplayTest, AbstractOpsAfterTheirExpansion) {
  const ReplayReport report =
      ReplayAll(ReadSource("test/e2e/Inputs/softmax.mlir"), Stage::kMpc, 5, {.magnitude = 7});
  EXPECT_GE(report.share_wires, 10u);
}

}  // namespace
}  // namespace mpcc

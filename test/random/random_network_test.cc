// SPDX-License-Identifier: Apache-2.0
// Random networks through the whole compiler and the runtime: every wire is the interpreter's, and
// measured costs are the predicted ones.
#include <gtest/gtest.h>

#include "test/e2e/replay.h"
#include "test/random/nn_generator.h"

namespace mpcc {
namespace {

class RandomNetworkTest : public testing::TestWithParam<int> {};

TEST_P(RandomNetworkTest, ReplaysBitForBit) {
  const NetworkShape shape = RandomNetworkShape(GetParam());
  SCOPED_TRACE(Describe(shape));
  const std::string text = GenerateNetwork(shape, GetParam());
  mlir::MLIRContext context;
  LoadDialects(context);
  auto module = CompileText(context, text, Stage::kNn);
  ASSERT_TRUE(module.ok()) << module.status() << "\n" << text;
  for (int seed = 1; seed <= 2; ++seed) {
    absl::StatusOr<ReplayReport> report = Replay(**module, {.seed = uint64_t(seed)});
    ASSERT_TRUE(report.ok()) << report.status() << "\n" << text;
    EXPECT_GT(report->share_wires, 3u);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworkTest, testing::Range(0, 40));

}  // namespace
}  // namespace mpcc

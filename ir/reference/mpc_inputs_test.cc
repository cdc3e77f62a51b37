// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/reference/mpc_test_util.h"
#include "runtime/base/status_matchers.h"

namespace mpcc::reference {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kText[] = R"(
  func.func @main(%x: tensor<2x2xf32> {nn.name = "pixels"}, %s: !mpc.add<3, 8>) -> !mpc.add<3, 8> {
    return %s : !mpc.add<3, 8>
  })";

TEST(MpcInputs, JsonNamesArgumentsAndNestsFreely) {
  Program program(kText);
  MPCC_ASSERT_OK_AND_ASSIGN(
      auto inputs,
      InputsFromJson(program.Function(), R"({"pixels": [[1, 2.5], [3, 4]], "arg1": [-1, 2, 3]})"));
  EXPECT_THAT(inputs[0].floats(), ElementsAre(1, 2.5, 3, 4));
  EXPECT_THAT(inputs[1].ints(), ElementsAre(-1, 2, 3));
}

TEST(MpcInputs, JsonThatDoesNotFitSaysWhy) {
  Program program(kText);
  EXPECT_THAT(InputsFromJson(program.Function(), R"({"arg1": [1, 2, 3]})"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no 'pixels'")));
  EXPECT_THAT(InputsFromJson(program.Function(), R"({"pixels": [1], "arg1": [1, 2, 3]})"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 elements, expected 4")));
  EXPECT_THAT(InputsFromJson(program.Function(), "{"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("parse error")));
}

TEST(MpcInputs, SeedsGiveInputsThatFit) {
  Program program(kText);
  const auto inputs = InputsFromSeed(program.Function(), {.seed = 3, .magnitude = 2});
  EXPECT_THAT(inputs[0].floats(), Each(testing::AllOf(testing::Ge(-2), testing::Le(2))));
  EXPECT_THAT(inputs[1].ints(), Each(testing::AllOf(testing::Ge(-32), testing::Le(32))));
  EXPECT_EQ(inputs[0].floats(),
            InputsFromSeed(program.Function(), {.seed = 3, .magnitude = 2})[0].floats());
}

}  // namespace
}  // namespace mpcc::reference

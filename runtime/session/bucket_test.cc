// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/bucket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/input_role.h"

namespace mpcc::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;

class Bucket : public testing::Test {
 protected:
  Bucket() {
    for (uint32_t tokens : {2, 4}) {
      plan::Program& program = *plan_.add_programs();
      program.set_sequence_length(tokens);
      Argument(program, "input_1", InputRole::kIds, 7, {1, tokens});
      Argument(program, "keep", InputRole::kMask, 0, {1, tokens});
      Argument(program, "segment", InputRole::kTypes, 0, {1, tokens});
      Argument(program, "place", InputRole::kPositions, 0, {1, tokens});
      Argument(program, "scores", InputRole::kBias, kDropped, {1, tokens, tokens});
    }
  }

  static void Argument(plan::Program& program, const std::string& name, InputRole role, int64_t pad,
                       const std::vector<uint32_t>& shape) {
    plan::Wire& wire = *program.add_wires();
    wire.mutable_shape()->Add(shape.begin(), shape.end());
    const bool real = role == InputRole::kMask || role == InputRole::kBias;
    wire.set_type(real ? plan::F32 : plan::I64);
    plan::Step& step = *program.add_steps();
    step.set_opcode(plan::LOCAL_ARGUMENT);
    step.set_name(name);
    step.add_ints(static_cast<int64_t>(role));
    step.add_ints(pad);
    step.add_outputs(program.wires_size() - 1);
  }

  static Tensor Of(Ints values) { return {{}, std::move(values)}; }

  std::string Refusal(const NamedTensors& inputs) {
    return std::string(FitToBucket(plan_, inputs).status().message());
  }

  plan::Plan plan_;
};

TEST_F(Bucket, InputsArePaddedByTheirRoles) {
  const auto fit = FitToBucket(plan_, {{"input_1", Of({1, 2, 3})}});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_EQ(fit->program, 1);
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("input_1").values), ElementsAre(1, 2, 3, 7));
  EXPECT_THAT(std::get<Floats>(fit->inputs.at("keep").values), ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("segment").values), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("place").values), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(std::get<Floats>(fit->inputs.at("scores").values),
              ElementsAre(0, 0, 0, kDropped, 0, 0, 0, kDropped, 0, 0, 0, kDropped, kDropped,
                          kDropped, kDropped, kDropped));
}

TEST_F(Bucket, UsualNamesStandForRoles) {
  const auto fit = FitToBucket(plan_, {{"input_ids", Of({5})},
                                       {"input_mask", Of({1})},
                                       {"token_type_ids", Of({1})},
                                       {"position_ids", Of({3})}});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_EQ(fit->program, 0);
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("segment").values), ElementsAre(1, 0));
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("place").values), ElementsAre(3, 3));
  EXPECT_THAT(fit->inputs, testing::Not(testing::Contains(Key("input_ids"))));
}

TEST_F(Bucket, UnknownNamesAreRefusedWithThoseThatExist) {
  EXPECT_THAT(Refusal({{"input_ids", Of({1})}, {"labels", Of({1})}}),
              HasSubstr("input \"labels\" is not one of the plan's: it takes \"input_1\" (or "
                        "\"input_ids\"), \"keep\" (or \"attention_mask\")"));
  EXPECT_THAT(Refusal({{"keep", Of({1})}}), HasSubstr("input \"input_1\" is missing"));
}

TEST_F(Bucket, SizesThatDoNotFitAreRefused) {
  EXPECT_THAT(Refusal({{"input_1", Of({1, 2, 3})}, {"segment", Of({0, 0})}}),
              HasSubstr("input \"segment\" has 2 values for 3 tokens, 3 are needed"));
  EXPECT_THAT(Refusal({{"input_1", Of({1, 2, 3, 4, 5})}}),
              HasSubstr("the plan has buckets of 2, 4 tokens"));
  EXPECT_THAT(Refusal({{"input_1", Of({})}}), HasSubstr("is empty"));
}

TEST_F(Bucket, NumbersWithAPointAreTakenWhereTheyAreWhole) {
  const auto fit =
      FitToBucket(plan_, {{"input_1", Of({1, 2})}, {"segment", {{}, Floats{1.0f, 0.0f}}}});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_THAT(std::get<Ints>(fit->inputs.at("segment").values), ElementsAre(1, 0));
  EXPECT_THAT(Refusal({{"input_1", Of({1, 2})}, {"segment", {{}, Floats{0.5f, 0.0f}}}}),
              HasSubstr("integers are needed"));
}

TEST_F(Bucket, RowsDoNotCountFromTheEndOfATable) {
  EXPECT_THAT(Refusal({{"input_1", Of({1, -1})}}),
              HasSubstr("input \"input_1\" has -1: numbers from 0 on are possible"));
  for (const char* name : {"segment", "place"})
    EXPECT_THAT(Refusal({{"input_1", Of({1, 2})}, {name, Of({0, -2})}}),
                HasSubstr(std::string("input \"") + name + "\" has -2"));
  for (plan::Program& program : *plan_.mutable_programs()) program.clear_sequence_length();
  EXPECT_TRUE(FitToBucket(plan_, {{"input_1", Of({1, 2})}}).ok());
  EXPECT_THAT(Refusal({{"input_1", Of({1, -1})}}), HasSubstr("has -1"));
}

TEST_F(Bucket, ProgramsOfExactLengthTakeNoShorterInput) {
  for (plan::Program& program : *plan_.mutable_programs()) program.set_exact_length(true);
  EXPECT_EQ(FitToBucket(plan_, {{"input_1", Of({1, 2, 3, 4})}})->program, 1);
  EXPECT_THAT(Refusal({{"input_1", Of({1, 2, 3})}}),
              HasSubstr("3 tokens cannot be padded: results of this model depend on padding, so "
                        "inputs have exactly 2 or 4 tokens: compile with --seq-len=3"));
}

}  // namespace
}  // namespace mpcc::session

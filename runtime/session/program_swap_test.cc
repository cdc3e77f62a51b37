// SPDX-License-Identifier: Apache-2.0
// A plan of two programs of one shape, and a P2 that takes the material of one for the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/engine/run.h"
#include "runtime/engine/test_program.h"
#include "runtime/engine/weights.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/ask_session.h"
#include "runtime/session/control.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kNumber = 7;

class ProgramSwap : public ::testing::Test {
 protected:
  ProgramSwap() {
    for (int party = 0; party < 3; ++party) {
      plan::Plan& plan = plans_.plan(party);
      *plan.add_programs() = plan.programs(0);
      plan.mutable_programs(1)->set_sequence_length(2);
      loaded_[party] = *plans_.Load(party);
      PartyState& state = states_[party];
      state.self = static_cast<PartyId>(party);
      state.seed01 = SecureBuffer(kSeedBytes);
      state.seed02 = SecureBuffer(kSeedBytes);
      state.seed01.data()[0] = 1;
      state.seed02.data()[0] = 2;
    }
  }

  AskSession MakeDataOwner() {
    auto plan = engine::PreparedPlan::ForDataOwner(loaded_[1], *states_[1].SetupKey01());
    const std::string path = directory_.path() + "/used";
    EXPECT_TRUE(UsedNumbers::Create(path, states_[1].instance).ok());
    auto used = *UsedNumbers::Open(path, states_[1].instance);
    return AskSession({*plan, nullptr}, std::move(states_[1]), std::move(used));
  }

  // P0's material of inference kNumber of a program.
  MemoryPieces Deal(int program) {
    MemoryPieces corrections;
    engine::DealRun run(*engine::PreparedPlan::ForModelOwner(loaded_[0]), program);
    EXPECT_TRUE(run.Deal(*states_[0].InferenceKey01(program, kNumber),
                         *states_[0].InferenceKey02(program, kNumber), corrections)
                    .ok());
    return corrections;
  }

  // P2's side of one inference: it runs what P1 asked for, on keys and material of `program`.
  absl::Status Assist(Channel& p1, int program, MemoryPieces& material) {
    MemoryPieces pieces;
    Prg setup = *states_[0].SetupKey01();
    engine::DealWeights(*loaded_[0], setup, pieces).IgnoreError();
    const SecureBuffer weights = pieces.Whole();
    auto request = ReceiveControl(p1, ControlKind::kRun);
    if (!request.ok()) return request.status();
    SendControl(p1, {.kind = ControlKind::kReady, .program = request->program, .number = kNumber})
        .IgnoreError();
    engine::AssistantRun run(*engine::PreparedPlan::ForAssistant(loaded_[2], weights.span()),
                             static_cast<int>(request->program));
    const absl::Status done =
        run.Assist(*states_[2].InferenceKey02(program, kNumber), p1, material).status();
    SendControl(p1, {.kind = ControlKind::kDone}).IgnoreError();
    return done;
  }

  // Whether P1 gets the right answer from a P2 that works with what was dealt for `program`.
  bool AnswersWithMaterialOf(int program) {
    MemoryPieces material = Deal(program);
    AskSession data_owner = MakeDataOwner();
    auto [end1, end2] = MakeMemoryChannelPair();
    std::thread assistant(
        [&, end2 = std::move(end2)] { EXPECT_TRUE(Assist(*end2, program, material).ok()); });
    const auto answer = data_owner.Infer(*end1, kIds);
    assistant.join();
    EXPECT_TRUE(answer.ok()) << answer.status();
    asked_ = answer->program;
    for (const auto& [name, values] : engine::EveryOpcodeAnswer({1, 4}))
      if (!testing::Value(std::get<std::vector<float>>(answer->outputs.at(name).values),
                          testing::Pointwise(testing::FloatNear(1e-5), values)))
        return false;
    return true;
  }

  const NamedTensors kIds = {{"input_ids", {{2}, std::vector<int64_t>{1, 4}}}};

  TestPlans plans_ = engine::EveryOpcodeProgram();
  std::array<std::shared_ptr<const LoadedPlan>, 3> loaded_;
  std::array<PartyState, 3> states_;
  TestDirectory directory_;
  int asked_ = -1;
};

// If it opened anything, two openings would be under one mask: that of the other program's run.
TEST_F(ProgramSwap, MaterialOfTheOtherProgramOpensNothing) {
  EXPECT_FALSE(AnswersWithMaterialOf(1));
  EXPECT_EQ(asked_, 0);
}

TEST_F(ProgramSwap, MaterialOfTheProgramServes) { EXPECT_TRUE(AnswersWithMaterialOf(0)); }

TEST_F(ProgramSwap, ADataOwnerRefusesAnotherProgramThanItAskedFor) {
  auto [end1, end2] = MakeMemoryChannelPair();
  ASSERT_TRUE(
      SendControl(*end2, {.kind = ControlKind::kReady, .program = 1, .number = kNumber}).ok());
  const auto answer = MakeDataOwner().Infer(*end1, kIds);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(answer.status().message()),
              HasSubstr("is ready for program 1, asked for was 0"));
}

}  // namespace
}  // namespace mpcc::session

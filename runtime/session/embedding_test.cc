// SPDX-License-Identifier: Apache-2.0
// The example of docs/embedding.md, and what the public classes refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "examples/embedding/infer.h"
#include "mpcc/assistant.h"
#include "mpcc/memory_channel.h"
#include "mpcc/model_owner.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/test_directory.h"
#include "runtime/plan/program_cost.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

class Embedding : public ::testing::Test {
 protected:
  PartyConfig Config(int party) {
    return {.plan = Plan(*plans_.Load(party)),
            .state_directory = directory_.path() + "/" + std::to_string(party)};
  }
  absl::StatusOr<Answer> Infer(const std::vector<int64_t>& ids) {
    return InferInOneProcess({Config(0), Config(1), Config(2)}, {{"input_ids", {{2}, ids}}});
  }

  TestPlans plans_ = engine::EveryOpcodeProgram();
  TestDirectory directory_;
};

std::string Text(const std::string& path) {
  std::ifstream file(std::string(std::getenv("MPCC_SOURCE_DIR")) + "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Embedding, ThreePartiesInferInOneProcess) {
  for (const std::vector<int64_t>& ids : {std::vector<int64_t>{1, 4}, {2, 0}}) {
    const auto answer = Infer(ids);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const auto& [name, values] : engine::EveryOpcodeAnswer(ids))
      EXPECT_THAT(std::get<std::vector<float>>(answer->outputs.at(name).values),
                  ::testing::Pointwise(::testing::FloatNear(1e-5), values))
          << name;
  }
}

TEST_F(Embedding, InputsThatDoNotFitAreRefused) {
  EXPECT_EQ(Infer({1, 9}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Embedding, ThePlanOfAnotherPartyIsRefused) {
  EXPECT_THAT(std::string(ModelOwner::Create(Config(1)).status().message()),
              HasSubstr("the plan is of P1, that of P0 is needed"));
  EXPECT_THAT(std::string(DataOwner::Create(Config(2)).status().message()),
              HasSubstr("the plan is of P2, that of P1 is needed"));
  EXPECT_THAT(std::string(Assistant::Create(Config(0)).status().message()),
              HasSubstr("the plan is of P0, that of P2 is needed"));
}

TEST_F(Embedding, APlanTellsInputsOutputsAndCost) {
  const Plan plan = Config(1).plan;
  EXPECT_EQ(plan.party(), PartyId::kP1);
  ASSERT_EQ(plan.programs().size(), 1u);
  const ProgramInfo& program = plan.programs()[0];
  ASSERT_EQ(program.inputs.size(), 1u);
  EXPECT_EQ(program.inputs[0].name, "input_ids");
  EXPECT_EQ(program.inputs[0].type, ElementType::kI64);
  EXPECT_EQ(program.inputs[0].shape, std::vector<uint32_t>{2});
  EXPECT_EQ(program.outputs.size(), engine::EveryOpcodeAnswer({0, 0}).size());
  Cost sum;
  for (const LayerInfo& layer : program.layers) sum += layer.cost;
  EXPECT_EQ(program.layers.size(), 2u);
  EXPECT_EQ(sum, program.cost);
  EXPECT_GT(program.cost.rounds, 0u);
  const auto answer = Infer({1, 4});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->stats.total.rounds, program.cost.rounds);
  EXPECT_EQ(answer->stats.total.bytes_p1_to_p2, program.cost.bytes_p1_to_p2);
  EXPECT_EQ(answer->stats.total.bytes_p2_to_p1, program.cost.bytes_p2_to_p1);
}

// P0 and P2 serve until P1's session ends; their statuses.
class Others {
 public:
  Others(const PartyConfig& p0, const PartyConfig& p2) {
    auto [p1_at_p0, p0_at_p1] = MakeMemoryChannelPair("P1", "P0");
    auto [p2_at_p0, p0_at_p2] = MakeMemoryChannelPair("P2", "P0");
    auto [p2_at_p1, p1_at_p2] = MakeMemoryChannelPair("P2", "P1");
    to_p0 = std::move(p0_at_p1), to_p2 = std::move(p2_at_p1);
    threads_.emplace_back(
        [this, p0, to_p1 = std::move(p1_at_p0), to_p2 = std::move(p2_at_p0)]() mutable {
          status0 = ModelOwner::Create(p0)->Serve(std::move(to_p1), std::move(to_p2));
        });
    threads_.emplace_back(
        [this, p2, to_p0 = std::move(p0_at_p2), to_p1 = std::move(p1_at_p2)]() mutable {
          status2 = Assistant::Create(p2)->Serve(std::move(to_p0), std::move(to_p1));
        });
  }
  void Join() { threads_.clear(); }

  std::unique_ptr<Channel> to_p0, to_p2;
  absl::Status status0, status2;

 private:
  std::vector<std::jthread> threads_;
};

TEST_F(Embedding, ASessionThatIsStoppedTellsTheOthers) {
  std::stop_source stop;
  PartyConfig config = Config(1);
  config.stop = stop.get_token();
  Others others(Config(0), Config(2));
  auto session = DataOwner::Create(config)->Serve(std::move(others.to_p0), std::move(others.to_p2));
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_TRUE(session->Infer({{"input_ids", {{2}, std::vector<int64_t>{1, 4}}}}).ok());
  stop.request_stop();
  EXPECT_EQ(session->Ping().code(), absl::StatusCode::kCancelled);
  others.Join();
  for (const absl::Status& status : {others.status0, others.status2})
    EXPECT_THAT(std::string(status.message()), HasSubstr("it was stopped"));
}

TEST_F(Embedding, AnAssistantThatIsStoppedTellsTheOthers) {
  std::stop_source stop;
  PartyConfig config = Config(2);
  config.stop = stop.get_token();
  Others others(Config(0), config);
  auto session =
      DataOwner::Create(Config(1))->Serve(std::move(others.to_p0), std::move(others.to_p2));
  ASSERT_TRUE(session.ok()) << session.status();
  stop.request_stop();
  EXPECT_THAT(std::string(session->Ping().message()), HasSubstr("P2 gave up: it was stopped"));
  others.Join();
  EXPECT_EQ(others.status2.code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(std::string(others.status0.message()), HasSubstr("it was stopped"));
}

TEST_F(Embedding, ASessionThatGoesAwayIsAFailureToTheOthers) {
  Others others(Config(0), Config(2));
  DataOwner::Create(Config(1))
      ->Serve(std::move(others.to_p0), std::move(others.to_p2))
      .status()
      .IgnoreError();
  others.Join();
  EXPECT_THAT(std::string(others.status2.message()), HasSubstr("P1 closed the connection"));
  EXPECT_THAT(std::string(others.status0.message()), HasSubstr("P1 closed the connection"));
}

TEST_F(Embedding, WhatARuntimeSaysGoesToTheSink) {
  std::vector<std::string> lines;
  PartyConfig config = Config(2);
  config.log = [&](LogLevel, std::string_view line) { lines.emplace_back(line); };
  ASSERT_TRUE(Infer({1, 4}).ok());  // sets up
  auto [p2, p0] = MakeMemoryChannelPair("P2", "P0");
  std::jthread dealer([&, channel = std::move(p2)]() mutable {
    EXPECT_TRUE(ModelOwner::Create(Config(0))->Deal(std::move(channel), 0, 2).ok());
  });
  EXPECT_EQ(Assistant::Create(config)->Store(std::move(p0)).value(), 2);
  EXPECT_THAT(lines, ::testing::ElementsAre("material of 2 inferences stored"));
}

TEST_F(Embedding, DealingForTheStoreCanBeStopped) {
  ASSERT_TRUE(Infer({1, 4}).ok());  // sets up
  for (int stopped : {0, 2}) {
    std::stop_source stop;
    stop.request_stop();
    PartyConfig configs[] = {Config(0), Config(1), Config(2)};
    configs[stopped].stop = stop.get_token();
    auto [p2, p0] = MakeMemoryChannelPair("P2", "P0");
    absl::Status dealt;
    std::jthread dealer([&, channel = std::move(p2)]() mutable {
      dealt = ModelOwner::Create(configs[0])->Deal(std::move(channel), 0, 1000);
    });
    const auto stored = Assistant::Create(configs[2])->Store(std::move(p0));
    dealer.join();
    for (const absl::Status& status : {dealt, stored.status()})
      EXPECT_THAT(std::string(status.message()), HasSubstr("it was stopped"));
    EXPECT_TRUE(absl::IsCancelled(stopped == 0 ? dealt : stored.status()));
  }
}

TEST_F(Embedding, SessionsOfOnePartyShareItsNumbers) {
  auto data_owner = DataOwner::Create(Config(1));
  std::vector<InferenceSession> sessions;
  std::vector<uint64_t> numbers;
  for (int i = 0; i < 2; ++i) {
    Others others(Config(0), Config(2));
    auto session = data_owner->Serve(std::move(others.to_p0), std::move(others.to_p2));
    ASSERT_TRUE(session.ok()) << session.status();
    const auto answer = session->Infer({{"input_ids", {{2}, std::vector<int64_t>{1, 4}}}});
    ASSERT_TRUE(answer.ok()) << answer.status();
    numbers.push_back(answer->number);
    EXPECT_TRUE(session->End().ok());
    sessions.push_back(*std::move(session));  // is still there when the next begins
  }
  EXPECT_LT(numbers[0], numbers[1]);
}

TEST_F(Embedding, ThePageShowsTheExampleThatRuns) {
  std::string code = Text("examples/embedding/infer.cc");
  code.erase(0, code.find("#include"));
  EXPECT_THAT(Text("docs/embedding.md"), HasSubstr(code));
}

}  // namespace
}  // namespace mpcc::session

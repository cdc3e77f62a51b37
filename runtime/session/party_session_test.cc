// SPDX-License-Identifier: Apache-2.0
// Three parties as threads over TLS on the loopback, each with its own plan and state directory.
#include "runtime/session/party_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "runtime/engine/test_program.h"
#include "runtime/net/listener.h"
#include "runtime/net/test_directory.h"
#include "runtime/net/test_peers.h"

namespace mpcc::session {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PartySession : public ::testing::Test {
 protected:
  PartySession() {
    const TestPlans& plans = plans_;
    auto first = Listener::Bind({"127.0.0.1", 0}), second = Listener::Bind({"127.0.0.1", 0});
    for (PartyId party : kAllParties) {
      PartyOptions& options = options_[PartyIndex(party)];
      options.self = party;
      options.plan = *plans.Load(PartyIndex(party));
      options.state_directory = directory_.path() + "/" + PartyName(party);
      options.endpoints = {first->endpoint(), second->endpoint(), Endpoint{"127.0.0.1", 1}};
      options.tls = &TestTls(party);
    }
  }

  // Runs a function at several parties at once; their results by party.
  template <typename Fn>
  std::array<absl::Status, 3> AtParties(std::vector<int> parties, Fn fn) {
    std::array<absl::Status, 3> status;
    std::vector<std::thread> threads;
    for (int party : parties)
      threads.emplace_back(
          [&, party] { status[party] = fn(options_[party], party == 1 ? &io_ : nullptr); });
    for (std::thread& thread : threads) thread.join();
    return status;
  }

  // Compiles the model again with another weight: the same set id and, at P1 and P2, plans.
  void CompileOtherWeights() {
    std::vector<uint8_t> constants(plans_.constants(0).begin(), plans_.constants(0).end());
    constants[0] ^= 1;
    auto plan = LoadedPlan::FromMemory(plans_.plan(0), constants);
    ASSERT_TRUE(plan.ok()) << plan.status();
    options_[0].plan = *plan;
  }

  void SetUpAll() {
    for (const absl::Status& status : AtParties(
             {0, 1, 2}, [](const PartyOptions&o, const DataOwnerIo*) { return session::SetUp(o); }))
      ASSERT_TRUE(status.ok()) << status;
  }

  // P1 asks these, one after another.
  void Queue(std::vector<std::vector<int64_t>> questions) {
    auto next = std::make_shared<size_t>(0);
    auto all = std::make_shared<std::vector<std::vector<int64_t>>>(std::move(questions));
    io_.next = [next, all]() -> absl::StatusOr<std::optional<NamedTensors>> {
      if (*next == all->size()) return absl::OutOfRangeError("done");
      const std::vector<int64_t>& ids = (*all)[(*next)++];
      if (ids.empty()) return std::optional<NamedTensors>();
      return std::optional(NamedTensors{{"input_ids", {{2}, ids}}});
    };
    io_.answer = [this](const absl::StatusOr<Answer>& answer) { answers_.push_back(answer); };
    io_.ready = [](double) {};
  }

  void ExpectAnswer(const absl::StatusOr<Answer>& answer, const std::vector<int64_t>& ids) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const auto& [name, values] : engine::EveryOpcodeAnswer(ids))
      EXPECT_THAT(std::get<std::vector<float>>(answer->outputs.at(name).values),
                  ::testing::Pointwise(::testing::FloatNear(1e-5), values))
          << name;
  }

  TestPlans plans_ = engine::EveryOpcodeProgram();
  TestDirectory directory_;
  std::array<PartyOptions, 3> options_;
  DataOwnerIo io_;
  std::vector<absl::StatusOr<Answer>> answers_;
};

TEST_F(PartySession, StoredMaterialServesOneRunEach) {
  SetUpAll();
  const auto deal = [](const PartyOptions& o, const DataOwnerIo*) { return Deal(o, 0, 2); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const PartyOptions& o, const DataOwnerIo* io) { return RunStored(o, io); };
  for (int i = 0; i < 2; ++i) {
    Queue({{1, 4}});
    for (const absl::Status& status : AtParties({1, 2}, run)) ASSERT_TRUE(status.ok()) << status;
    ExpectAnswer(answers_.back(), {1, 4});
    EXPECT_EQ(answers_.back()->number, static_cast<uint64_t>(i + 1));
  }
  Queue({{1, 4}});
  const auto status = AtParties({1, 2}, run);
  EXPECT_THAT(std::string(status[1].message()), HasSubstr("no material is left"));
  EXPECT_THAT(std::string(status[2].message()), HasSubstr("no material is left"));
}

TEST_F(PartySession, ServesManyInferencesFromOneSetUp) {
  Queue({{0, 1}, {}, {2, 3}, {4, 4}});
  const auto serve = [](const PartyOptions& o, const DataOwnerIo* io) { return Serve(o, io); };
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 3u);
  ExpectAnswer(answers_[0], {0, 1});
  ExpectAnswer(answers_[1], {2, 3});
  ExpectAnswer(answers_[2], {4, 4});
  Queue({{3, 0}});  // the second time the set-up is kept, and numbers go on
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ExpectAnswer(answers_.back(), {3, 0});
  EXPECT_GT(answers_.back()->number, answers_[2]->number);
}

TEST_F(PartySession, ARefusedInputLeavesTheSessionAlive) {
  Queue({{0, 9}, {1, 2}});
  const auto serve = [](const PartyOptions& o, const DataOwnerIo* io) { return Serve(o, io); };
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_THAT(std::string(answers_[0].status().message()), HasSubstr("id 9 is outside a table"));
  ExpectAnswer(answers_[1], {1, 2});
}

TEST_F(PartySession, ARunWithARefusedInputFailsAndSpendsNothing) {
  SetUpAll();
  const auto deal = [](const PartyOptions& o, const DataOwnerIo*) { return Deal(o, 0, 1); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const PartyOptions& o, const DataOwnerIo* io) { return RunStored(o, io); };
  Queue({{0, 9}});
  const auto refused = AtParties({1, 2}, run);
  EXPECT_EQ(refused[1].code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused[1].message()),
              AllOf(HasSubstr("an input was refused: "), HasSubstr("id 9 is outside a table")));
  EXPECT_TRUE(refused[2].ok()) << refused[2];
  Queue({{1, 4}});
  for (const absl::Status& status : AtParties({1, 2}, run)) ASSERT_TRUE(status.ok()) << status;
  ExpectAnswer(answers_.back(), {1, 4});
}

TEST_F(PartySession, ARunAnswersSeveralInputsInOrder) {
  SetUpAll();
  const auto deal = [](const PartyOptions& o, const DataOwnerIo*) { return Deal(o, 0, 2); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const PartyOptions& o, const DataOwnerIo* io) { return RunStored(o, io); };
  Queue({{1, 4}, {0, 9}, {2, 3}});
  const auto status = AtParties({1, 2}, run);
  EXPECT_EQ(status[1].code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(status[2].ok()) << status[2];
  ASSERT_EQ(answers_.size(), 3u);
  ExpectAnswer(answers_[0], {1, 4});
  EXPECT_EQ(answers_[1].status().code(), absl::StatusCode::kInvalidArgument);
  ExpectAnswer(answers_[2], {2, 3});
}

TEST_F(PartySession, ADataOwnerThatGoesAwayStopsTheOthersByName) {
  Queue({{1, 2}});
  io_.next = []() -> absl::StatusOr<std::optional<NamedTensors>> {
    return absl::AbortedError("unplugged");
  };
  const auto serve = [](const PartyOptions& o, const DataOwnerIo* io) { return Serve(o, io); };
  const auto status = AtParties({0, 1, 2}, serve);
  EXPECT_EQ(status[1].code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status[2].code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status[2].message()), HasSubstr("P1"));
}

TEST_F(PartySession, AnOldSetUpIsRefusedAfterTheModelWasCompiledAgain) {
  SetUpAll();
  CompileOtherWeights();
  Queue({{1, 2}});
  const auto deal = [](const PartyOptions& o, const DataOwnerIo*) { return Deal(o, 0, 1); };
  const auto set_up = [](const PartyOptions& o, const DataOwnerIo*) { return session::SetUp(o); };
  const auto serve = [](const PartyOptions& o, const DataOwnerIo* io) { return Serve(o, io); };
  EXPECT_THAT(std::string(AtParties({0}, deal)[0].message()), HasSubstr("`setup --renew`"));
  for (const auto& status : {AtParties({0, 1, 2}, set_up), AtParties({0, 1, 2}, serve)}) {
    EXPECT_EQ(status[0].code(), absl::StatusCode::kFailedPrecondition);
    for (const absl::Status& one : status)
      EXPECT_THAT(std::string(one.message()), HasSubstr("`setup --renew`"));
  }
  EXPECT_TRUE(answers_.empty());
}

TEST_F(PartySession, ARenewedSetUpServesTheModelCompiledAgain) {
  SetUpAll();
  CompileOtherWeights();
  const auto renew = [](PartyOptions o, const DataOwnerIo*) {
    o.renew = true;
    return session::SetUp(o);
  };
  for (const absl::Status& status : AtParties({0, 1, 2}, renew)) ASSERT_TRUE(status.ok()) << status;
  Queue({{1, 2}});
  const auto serve = [](const PartyOptions& o, const DataOwnerIo* io) { return Serve(o, io); };
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok()) << answers_[0].status();
}

TEST_F(PartySession, PartiesOfDifferentInstancesRefuseEachOther) {
  SetUpAll();
  std::filesystem::copy(options_[2].state_directory, options_[2].state_directory + ".old");
  const auto renew = [](PartyOptions o, const DataOwnerIo*) {
    o.renew = true;
    return session::SetUp(o);
  };
  for (const absl::Status& status : AtParties({0, 1, 2}, renew)) ASSERT_TRUE(status.ok()) << status;
  options_[2].state_directory += ".old";
  Queue({{1, 2}});
  const auto deal = [](const PartyOptions& o, const DataOwnerIo*) { return Deal(o, 0, 1); };
  const auto run = [](const PartyOptions& o, const DataOwnerIo* io) { return RunStored(o, io); };
  const auto dealt = AtParties({0, 2}, deal), ran = AtParties({1, 2}, run);
  for (const absl::Status& status : {dealt[0], dealt[2], ran[1], ran[2]})
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
}

TEST_F(PartySession, AStateDirectoryOpenToOthersIsRefusedBeforeAnybodyIsMet) {
  std::filesystem::create_directory(options_[0].state_directory);
  std::filesystem::permissions(options_[0].state_directory, std::filesystem::perms(0755));
  EXPECT_THAT(std::string(session::SetUp(options_[0]).message()), HasSubstr("chmod 700"));
  EXPECT_THAT(std::string(Serve(options_[0], nullptr).message()), HasSubstr("chmod 700"));
}

TEST_F(PartySession, WithoutSetUpTheRemedyIsNamed) {
  Queue({{1, 2}});
  EXPECT_THAT(std::string(RunStored(options_[1], &io_).message()), HasSubstr("run `setup`"));
  EXPECT_THAT(std::string(Deal(options_[0], 0, 1).message()), HasSubstr("run `setup`"));
}

}  // namespace
}  // namespace mpcc::session

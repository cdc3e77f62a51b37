// SPDX-License-Identifier: Apache-2.0
// Parties deal, ask and answer.
#include "runtime/session/party_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/session/test_parties.h"

namespace mpcc::session {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(PartyProcess, StoredMaterialServesOneRunEach) {
  SetUpAll();
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 2); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const TestParty& p, const DataOwnerIo* io) { return RunAt(p, io); };
  for (int i = 0; i < 2; ++i) {
    Queue({{1, 4}});
    for (const absl::Status& status : AtParties({1, 2}, run)) ASSERT_TRUE(status.ok()) << status;
    ExpectAnswer(answers_.back(), {1, 4});
    EXPECT_EQ(answers_.back()->number, static_cast<uint64_t>(i + 1));
  }
  Queue({{1, 4}});
  const auto status = AtParties({1, 2}, run);
  for (int party : {1, 2})
    EXPECT_THAT(std::string(status[party].message()),
                HasSubstr("no material is left: run `deal` at P0 and P2"));
}

TEST_F(PartyProcess, StockIsCountedWhereverItIsLookedAt) {
  SetUpAll();
  const auto stock = [this] {
    return Assistant::Stock(parties_[2].config.plan, parties_[2].config.state_directory);
  };
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 3); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(stock().value().size(), 1u);
  const uint64_t bytes = plans_.plan(2).programs(0).material_size();
  EXPECT_EQ(stock()->at(0).sequence_length, 0u) << "a model without";
  EXPECT_EQ(stock()->at(0).inferences, 3u);
  EXPECT_EQ(stock()->at(0).pieces, 3u);
  EXPECT_EQ(stock()->at(0).bytes, 3 * bytes);
  Queue({{1, 4}, {2, 3}});
  const auto run = [](const TestParty& p, const DataOwnerIo* io) { return RunAt(p, io); };
  for (const absl::Status& status : AtParties({1, 2}, run)) ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(answers_[0]->inferences_left, 2u);
  EXPECT_EQ(answers_[1]->inferences_left, 1u);
  const auto assistant = Assistant::Create(parties_[2].config);
  EXPECT_EQ(stock()->at(0).inferences, 1u) << "also where somebody works";
  EXPECT_EQ(Assistant::Stock(parties_[1].config.plan, "").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PartyProcess, AModelOwnerAllowsSoManyInferencesOfASetUp) {
  parties_[0].config.max_inferences = 3;
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  Queue({{1, 4}});
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(answers_.at(0)->inferences_left, 2u);
  answers_.clear();
  parties_[0].config.max_inferences = 10;  // one may have been dealt and not been asked for
  Queue(std::vector<std::vector<int64_t>>(11, {2, 3}));
  const auto status = AtParties({0, 1, 2}, serve);
  for (const absl::Status& one : status)
    EXPECT_THAT(std::string(one.message()), HasSubstr("P0 allows 10 inferences of this set-up"));
  ASSERT_GE(answers_.size(), 9u);
  for (size_t i = 0; i + 1 < answers_.size(); ++i) {
    ExpectAnswer(answers_[i], {2, 3});
    EXPECT_EQ(answers_[i]->number + *answers_[i]->inferences_left, 10u);
  }
  EXPECT_EQ(answers_[answers_.size() - 2]->inferences_left, 0u);
  answers_.clear();
  Queue({{2, 3}});  // starting again does not help
  for (const absl::Status& one : AtParties({0, 1, 2}, serve))
    EXPECT_THAT(std::string(one.message()), HasSubstr("P0 allows 10 inferences of this set-up"));
}

TEST_F(PartyProcess, ServesManyInferencesFromOneSetUp) {
  Queue({{0, 1}, {}, {2, 3}, {4, 4}});
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
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

TEST_F(PartyProcess, ARefusedInputLeavesTheSessionAlive) {
  Queue({{0, 9}, {1, 2}});
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_THAT(std::string(answers_[0].status().message()), HasSubstr("id 9 is outside a table"));
  ExpectAnswer(answers_[1], {1, 2});
}

TEST_F(PartyProcess, ARunWithARefusedInputFailsAndSpendsNothing) {
  SetUpAll();
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 1); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const TestParty& p, const DataOwnerIo* io) { return RunAt(p, io); };
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

TEST_F(PartyProcess, ARunAnswersSeveralInputsInOrder) {
  SetUpAll();
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 2); };
  for (const absl::Status& status : AtParties({0, 2}, deal)) ASSERT_TRUE(status.ok()) << status;
  const auto run = [](const TestParty& p, const DataOwnerIo* io) { return RunAt(p, io); };
  Queue({{1, 4}, {0, 9}, {2, 3}});
  const auto status = AtParties({1, 2}, run);
  EXPECT_EQ(status[1].code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(status[2].ok()) << status[2];
  ASSERT_EQ(answers_.size(), 3u);
  ExpectAnswer(answers_[0], {1, 4});
  EXPECT_EQ(answers_[1].status().code(), absl::StatusCode::kInvalidArgument);
  ExpectAnswer(answers_[2], {2, 3});
}

}  // namespace
}  // namespace mpcc::session

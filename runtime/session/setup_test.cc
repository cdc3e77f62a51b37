// SPDX-License-Identifier: Apache-2.0
// Set-ups that fail at any message, and states that were brought back from a backup.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "mpcc/assistant.h"
#include "mpcc/data_owner.h"
#include "mpcc/memory_channel.h"
#include "mpcc/model_owner.h"
#include "runtime/base/status_macros.h"
#include "runtime/base/status_matchers.h"
#include "runtime/engine/test_program.h"
#include "runtime/engine/weights.h"
#include "runtime/net/handshake.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/control.h"
#include "runtime/session/party_state.h"
#include "runtime/session/stock.h"
#include "runtime/session/test_channel.h"

namespace mpcc::session {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Ends = std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>;

class SetUps : public ::testing::Test {
 protected:
  PartyConfig Config(int party) {
    return {.plan = Plan(*plans_.Load(party)),
            .state_directory = Directory(party),
            .stop = stops_[party],
            .progress = [&told = told_[party]](const Progress& progress) {
              told.push_back(fmt::format("{} {}/{} {}", progress.what, progress.done, progress.all,
                                         progress.unit));
            }};
  }
  std::string Directory(int party) { return directory_.path() + "/" + std::to_string(party); }

  // The statuses of P0, P1 and P2. The link between `from` and `to` breaks before `from` sends or
  // takes its message `lives`.
  std::array<absl::Status, 3> TrySetUp(SetUpMode mode, int from = 0, int to = 1,
                                       int lives = kImmortal) {
    std::array<std::array<std::unique_ptr<Channel>, 3>, 3> channels;
    for (int a = 0; a < 3; ++a)
      for (int b = a + 1; b < 3; ++b) {
        const auto name = [](int party) { return PartyName(static_cast<PartyId>(party)); };
        std::tie(channels[a][b], channels[b][a]) = MakeMemoryChannelPair(name(b), name(a));
      }
    auto& link = channels[from][to];
    link = std::make_unique<MortalChannel>(std::move(link), lives);
    std::array<absl::Status, 3> status;
    std::vector<std::jthread> threads;
    threads.emplace_back([&] {
      status[0] = ModelOwner::Create(Config(0))->SetUp(std::move(channels[0][1]),
                                                       std::move(channels[0][2]), mode);
    });
    threads.emplace_back([&] {
      status[1] =
          DataOwner::Create(Config(1))->SetUp(std::move(channels[1][0]), std::move(channels[1][2]));
    });
    threads.emplace_back([&] {
      status[2] =
          Assistant::Create(Config(2))->SetUp(std::move(channels[2][0]), std::move(channels[2][1]));
    });
    threads.clear();
    return status;
  }

  // At P0 and P2.
  std::pair<absl::Status, absl::Status> Deal(int count = 1) {
    auto [p2, p0] = MakeMemoryChannelPair("P2", "P0");
    absl::Status dealt;
    std::jthread dealer([&, channel = std::move(p2)]() mutable {
      dealt = ModelOwner::Create(Config(0))->Deal(std::move(channel), 0, count);
    });
    const absl::Status stored = Assistant::Create(Config(2))->Store(std::move(p0)).status();
    dealer.join();
    return {dealt, stored};
  }

  // At P1 and P2; a right answer.
  std::pair<absl::Status, absl::Status> Run() {
    auto [p2, p1] = MakeMemoryChannelPair("P2", "P1");
    absl::Status assisted;
    std::jthread assistant([&, channel = std::move(p1)]() mutable {
      assisted = Assistant::Create(Config(2))->Assist(std::move(channel));
    });
    const absl::Status asked = Ask(std::move(p2));
    assistant.join();
    return {asked, assisted};
  }
  absl::Status Ask(std::unique_ptr<Channel> p2) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(Config(1)));
    MPCC_ASSIGN_OR_RETURN(InferenceSession session, owner.Start(std::move(p2)));
    MPCC_ASSIGN_OR_RETURN(const Answer answer,
                          session.Infer({{"input_ids", {{2}, std::vector<int64_t>{1, 4}}}}));
    for (const auto& [name, values] : engine::EveryOpcodeAnswer({1, 4}))
      EXPECT_THAT(std::get<std::vector<float>>(answer.outputs.at(name).values),
                  ::testing::Pointwise(::testing::FloatNear(1e-5), values));
    return session.End();
  }

  void SetUpAll(SetUpMode mode = SetUpMode::kKeep) {
    for (const absl::Status& status : TrySetUp(mode)) MPCC_ASSERT_OK(status);
  }
  void DealAndRun() {
    const auto [dealt, stored] = Deal();
    MPCC_ASSERT_OK(dealt);
    MPCC_ASSERT_OK(stored);
    const auto [asked, assisted] = Run();
    MPCC_ASSERT_OK(asked);
    MPCC_ASSERT_OK(assisted);
  }

  // A copy of a party's directory, and back.
  void Backup(int party) {
    fs::copy(Directory(party), Directory(party) + ".old", fs::copy_options::recursive);
  }
  void Restore(int party) {
    fs::remove_all(Directory(party));
    fs::rename(Directory(party) + ".old", Directory(party));
  }
  std::string NumbersOf(int party) {
    for (const auto& entry : fs::directory_iterator(Directory(party)))
      if (entry.path().extension() == ".used" || entry.path().extension() == ".dealt")
        return entry.path().string();
    return "";
  }

  TestPlans plans_ = engine::EveryOpcodeProgram();
  TestDirectory directory_;
  std::array<std::stop_token, 3> stops_;
  std::array<std::vector<std::string>, 3> told_;  // of progress
};

// Everybody hears what is under way, and when it is over.
TEST_F(SetUps, DealsAndInferencesTellHowFarTheyAre) {
  SetUpAll();
  for (int party : {0, 1, 2}) {
    EXPECT_EQ(told_[party].front(), "set-up 0/0 ");
    EXPECT_EQ(told_[party].back(), " 0/0 ");
  }
  const uint64_t bytes = engine::SetupBytes((*plans_.Load(0))->plan());
  ASSERT_GT(bytes, 0);
  for (int party : {0, 2})
    EXPECT_THAT(told_[party], Contains(fmt::format("set-up {0}/{0} bytes", bytes)));
  told_ = {};
  MPCC_ASSERT_OK(Deal(2).first);
  EXPECT_THAT(told_[0], ElementsAre("dealing 0/2 inferences", "dealing 0/2 inferences",
                                    "dealing 1/2 inferences", " 0/0 "));
  EXPECT_THAT(told_[2], Contains("storing 2/0 inferences"));
  told_ = {};
  MPCC_ASSERT_OK(Run().first);
  for (int party : {1, 2}) {
    EXPECT_THAT(told_[party], Contains("inference 1/2 layers"));
    EXPECT_EQ(told_[party].back(), " 0/0 ");
  }
}

// Wherever it is cut, the parties can work with one another afterwards, without another set-up.
TEST_F(SetUps, ThatAreCutAnywhereLeaveOneThatAllHold) {
  SetUpAll();
  const std::pair<int, int> kLinks[] = {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}};
  for (const auto& [from, to] : kLinks) {
    for (int lives = 0;; ++lives) {
      SCOPED_TRACE(::testing::Message()
                   << "P" << from << " to P" << to << ", " << lives << " messages");
      const auto status = TrySetUp(SetUpMode::kRenew, from, to, lives);
      DealAndRun();
      if (HasFatalFailure() || (status[0].ok() && status[1].ok() && status[2].ok())) break;
    }
  }
}

// What is in stock is of the old one.
TEST_F(SetUps, ThatFailBeforeAllHaveStoredKeepTheStock) {
  SetUpAll();
  MPCC_ASSERT_OK(Deal(6).first);
  for (int lives = 0; lives < 4; ++lives) {  // greeting, word, seed, P1's answer
    EXPECT_FALSE(TrySetUp(SetUpMode::kRenew, 0, 1, lives)[0].ok());
    MPCC_EXPECT_OK(Run().first);
  }
}

TEST_F(SetUps, ThatAreRenewedTwiceAfterACutKeepTheOneBefore) {
  SetUpAll();
  const int kConfirmed = 4;  // the link to P2 breaks when P0 has stored
  EXPECT_FALSE(TrySetUp(SetUpMode::kRenew, 0, 2, kConfirmed + 1)[2].ok());
  EXPECT_FALSE(TrySetUp(SetUpMode::kRenew, 0, 1, 2)[1].ok());
  DealAndRun();
}

TEST_F(SetUps, LeaveNoRecordsOfOldOnes) {
  for (int i = 0; i < 3; ++i) {
    SetUpAll(SetUpMode::kRenew);
    for (int party = 0; party < 3; ++party)
      EXPECT_EQ(std::distance(fs::directory_iterator(Directory(party)), {}), 3)
          << "lock, state, record of P" << party;
  }
}

TEST_F(SetUps, WithoutTheRecordOfNumbersAreRefused) {
  for (int party = 0; party < 3; ++party) {
    SetUpAll(SetUpMode::kRenew);
    MPCC_ASSERT_OK(Deal().first);
    fs::remove(NumbersOf(party));
    const auto why =
        AllOf(HasSubstr("the record of spent numbers is missing"), HasSubstr("`setup --renew`"));
    const auto ran = Run(), dealt = Deal();
    const absl::Status refused[] = {dealt.first, ran.first, ran.second};
    EXPECT_THAT(std::string(refused[party].message()), why);
    EXPECT_EQ(NumbersOf(party), "") << "nobody makes a new one";
  }
}

TEST_F(SetUps, AModelOwnerWithoutItsRecordOfNumbersMakesANewSetUpOnlyIfAsked) {
  SetUpAll();
  fs::remove(NumbersOf(0));
  for (const absl::Status& status : TrySetUp(SetUpMode::kKeep))
    EXPECT_THAT(std::string(status.message()), HasSubstr("`setup --renew`"));
  SetUpAll(SetUpMode::kRenew);
  DealAndRun();
}

TEST_F(SetUps, AModelOwnerBroughtBackFromABackupIsNamed) {
  SetUpAll();
  Backup(0);
  MPCC_ASSERT_OK(Deal(2).first);  // nobody has used any
  Restore(0);
  const auto why =
      HasSubstr("the record of P0 ends with number 0, that of P2 with 2: the state of P0");
  const auto [dealt, stored] = Deal();
  EXPECT_THAT(std::string(dealt.message()), why);
  EXPECT_THAT(std::string(stored.message()), why);
  for (const absl::Status& status : TrySetUp(SetUpMode::kKeep))
    EXPECT_THAT(std::string(status.message()), why);
  SetUpAll(SetUpMode::kRenew);
  DealAndRun();
}

TEST_F(SetUps, AnAssistantBroughtBackFromABackupIsNamed) {
  SetUpAll();
  MPCC_ASSERT_OK(Deal(3).first);
  Backup(2);
  MPCC_ASSERT_OK(Run().first);
  Restore(2);
  const auto why =
      HasSubstr("the record of P2 ends with number 0, that of P1 with 1: the state of P2");
  const auto [asked, assisted] = Run();
  EXPECT_THAT(std::string(asked.message()), why);
  EXPECT_THAT(std::string(assisted.message()), why);
  const auto kept = TrySetUp(SetUpMode::kKeep);
  EXPECT_THAT(std::string(kept[1].message()), why);
  EXPECT_THAT(std::string(kept[2].message()), why);
  SetUpAll(SetUpMode::kRenew);
  DealAndRun();
}

// P2 offers no number twice, so an old P1 does no harm.
TEST_F(SetUps, ADataOwnerBroughtBackFromABackupGoesOn) {
  SetUpAll();
  MPCC_ASSERT_OK(Deal(2).first);
  Backup(1);
  MPCC_ASSERT_OK(Run().first);
  Restore(1);
  MPCC_EXPECT_OK(Run().first);
}

// Its next state, which P1 works with, has a record as old as the rest.
TEST_F(SetUps, AnAssistantBroughtBackToItsNextStateIsNamed) {
  SetUpAll();
  const int kConfirmed = 4;  // the link to P2 breaks when P0 has stored
  EXPECT_FALSE(TrySetUp(SetUpMode::kRenew, 0, 2, kConfirmed + 1)[2].ok());
  Backup(2);
  DealAndRun();
  Restore(2);
  const auto why = HasSubstr("the record of P2 ends with number 0");
  const auto [asked, assisted] = Run();
  EXPECT_THAT(std::string(assisted.message()), why);
  EXPECT_THAT(std::string(asked.message()), why);
}

// A P0 that deviates: it sends what P1 had, once with another id, once with another seed.
TEST_F(SetUps, ThatAreNotNewAreRefused) {
  SetUpAll();
  const auto plan = plans_.Load(1);
  const auto state = LoadState(Directory(1), **plan);
  MPCC_ASSERT_OK(state.status());
  for (int kind = 0; kind < 3; ++kind) {
    std::vector<uint8_t> message(16, kind == 0 ? 0 : 7);
    if (kind == 1) std::ranges::copy(state->instance.instance, message.begin());
    message.resize(16 + kSeedBytes, 9);
    if (kind == 2) std::ranges::copy(state->seed01.span(), message.begin() + 16);
    auto [p0, p1_at_p0] = MakeMemoryChannelPair("P0", "P1");
    auto [p2, p1_at_p2] = MakeMemoryChannelPair("P2", "P1");
    std::jthread deviating([&, &p1 = p1_at_p0, &from_p2 = p1_at_p2] {
      HandshakeInfo info{PartyId::kP0, PartyId::kP1, {}, "setup"};
      std::copy_n((*plan)->set_id().begin(), info.plan_set_id.size(), info.plan_set_id.begin());
      MPCC_EXPECT_OK(Handshake(*p1, info).status());
      info.self = PartyId::kP2;
      MPCC_EXPECT_OK(Handshake(*from_p2, info).status());
      MPCC_EXPECT_OK(SendControl(*p1, {.kind = ControlKind::kSetUp}));
      MPCC_EXPECT_OK(p1->Send(message));
    });
    EXPECT_THAT(DataOwner::Create(Config(1))->SetUp(std::move(p0), std::move(p2)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("a set-up that is not new")))
        << kind;
  }
  DealAndRun();
}

TEST_F(SetUps, ThatAreStoppedMakeNothing) {
  SetUpAll();
  DealAndRun();
  for (int party = 0; party < 3; ++party) {
    std::stop_source stop;
    stop.request_stop();
    stops_[party] = stop.get_token();
    const auto status = TrySetUp(SetUpMode::kRenew);
    EXPECT_TRUE(absl::IsCancelled(status[party])) << status[party];
    if (party > 0) {
      EXPECT_THAT(std::string(status[0].message()), HasSubstr("it was stopped"));
    }
    stops_[party] = {};
  }
  DealAndRun();
}

TEST(Stock, ThatIsOutTellsWhatThereIs) {
  EXPECT_EQ(OutOfStock(1, {{16, 3, 3, 300}, {32, 0, 0, 0}, {64, 2, 4, 800}}),
            "no material is left for 32 tokens (in stock: 3 of 16 tokens, 2 of 64 tokens): run "
            "`deal --seq-len=32` at P0 and P2");
  EXPECT_EQ(OutOfStock(0, {{16, 0, 0, 0}}),
            "no material is left for 16 tokens: run `deal --seq-len=16` at P0 and P2");
}

TEST_F(SetUps, ASecondProcessIsRefusedAtOnce) {
  const auto first = DataOwner::Create(Config(1));
  MPCC_ASSERT_OK(first.status());
  EXPECT_THAT(DataOwner::Create(Config(1)).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(fmt::format("process {} works with", getpid()))));
}

TEST_F(SetUps, WithoutAChannelAreRefused) {
  auto owner = DataOwner::Create(Config(1));
  EXPECT_THAT(owner->SetUp(nullptr, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no channel to P0")));
}

}  // namespace
}  // namespace mpcc::session

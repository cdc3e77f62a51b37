// SPDX-License-Identifier: Apache-2.0
// Three parties as threads over TLS on the loopback, each with its own plan and state directory.
#include "runtime/session/party_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/base/status_macros.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct TestParty {
  PartyConfig config;
  NetworkOptions network;

  PartyId self() const { return config.plan.party(); }
};

// What `mpcc-party` does at the party of a plan; `io` is P1's.
absl::Status SetUpAt(const TestParty& party, SetUpMode mode = SetUpMode::kKeep) {
  if (party.self() == PartyId::kP0) {
    MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(party.config));
    return SetUp(owner, party.network, mode);
  }
  if (party.self() == PartyId::kP1) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(party.config));
    return SetUp(owner, party.network);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return SetUp(assistant, party.network);
}

absl::Status DealAt(const TestParty& party, int count) {
  if (party.self() == PartyId::kP0) {
    MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(party.config));
    return Deal(owner, party.network, 0, count);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return Store(assistant, party.network);
}

absl::Status RunAt(const TestParty& party, const DataOwnerIo* io) {
  if (party.self() == PartyId::kP1) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(party.config));
    return Ask(owner, party.network, *io);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return Assist(assistant, party.network);
}

absl::Status ServeAt(const TestParty& party, const DataOwnerIo* io,
                     SetUpMode mode = SetUpMode::kKeep) {
  if (party.self() == PartyId::kP0) {
    MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(party.config));
    return Serve(owner, party.network, mode);
  }
  if (party.self() == PartyId::kP1) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(party.config));
    return Serve(owner, party.network, *io, [](double) {});
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return Serve(assistant, party.network);
}

// Certificates of all parties, made once.
const std::string& KeyDirectory() {
  static const TestDirectory* const directory = [] {
    auto* made = new TestDirectory;
    EXPECT_TRUE(GenerateKeys({.directory = made->path()}).ok());
    return made;
  }();
  return directory->path();
}

class PartyProcess : public ::testing::Test {
 protected:
  PartyProcess() {
    const auto first = Listener::Bind({"127.0.0.1", 0}), second = Listener::Bind({"127.0.0.1", 0});
    for (PartyId id : kAllParties) {
      const TlsFiles keys = KeyFiles(KeyDirectory(), id);
      TestParty party{{.plan = Plan(*plans_.Load(PartyIndex(id))),
                       .state_directory = directory_.path() + "/" + PartyName(id)},
                      {}};
      party.network.addresses = {EndpointText(first->endpoint()), EndpointText(second->endpoint())};
      party.network.ca_certificate = keys.ca_certificate;
      party.network.certificate = keys.certificate;
      party.network.private_key = keys.private_key;
      parties_.push_back(std::move(party));
    }
  }

  // Runs a function at several parties at once; their results by party.
  template <typename Fn>
  std::array<absl::Status, 3> AtParties(const std::vector<int>& parties, Fn fn) {
    std::array<absl::Status, 3> status;
    std::vector<std::thread> threads;
    threads.reserve(parties.size());
    for (int party : parties)
      threads.emplace_back(
          [&, party] { status[party] = fn(parties_[party], party == 1 ? &io_ : nullptr); });
    for (std::thread& thread : threads) thread.join();
    return status;
  }

  // Compiles the model again with another weight: the same set id and, at P1 and P2, plans.
  void CompileOtherWeights() {
    std::vector<uint8_t> constants(plans_.constants(0).begin(), plans_.constants(0).end());
    constants[0] ^= 1;
    auto plan = LoadedPlan::FromMemory(plans_.plan(0), constants);
    ASSERT_TRUE(plan.ok()) << plan.status();
    parties_[0].config.plan = Plan(*plan);
  }

  void SetUpAll() {
    for (const absl::Status& status :
         AtParties({0, 1, 2}, [](const TestParty&p, const DataOwnerIo*) { return SetUpAt(p); }))
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
  std::vector<TestParty> parties_;
  DataOwnerIo io_;
  std::vector<absl::StatusOr<Answer>> answers_;
};

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

TEST_F(PartyProcess, ADataOwnerThatGoesAwayStopsTheOthersByName) {
  Queue({{1, 2}});
  io_.next = []() -> absl::StatusOr<std::optional<NamedTensors>> {
    return absl::AbortedError("unplugged");
  };
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  const auto status = AtParties({0, 1, 2}, serve);
  EXPECT_EQ(status[1].code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status[2].code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status[2].message()), HasSubstr("P1"));
}

// P2 connects and is gone, and comes again.
TEST_F(PartyProcess, APartyThatWasLostIsWaitedFor) {
  SetUpAll();
  for (TestParty& party : parties_) party.network.reconnect = std::chrono::seconds(60);
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) {
    if (p.self() != PartyId::kP2) return ServeAt(p, io);
    auto met = ConnectParties(PartyId::kP2, {PartyId::kP0, PartyId::kP1}, p.network);
    if (!met.ok()) return met.status();
    { const auto gone = std::move(*met); }
    return ServeAt(p, io);
  };
  Queue({{1, 4}});
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) EXPECT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 1u);
  ExpectAnswer(answers_[0], {1, 4});
}

// P2 is lost before the set-up that P0 asks for: it is made when P2 comes again.
TEST_F(PartyProcess, ARenewalOutlivesTheLossOfAParty) {
  SetUpAll();
  for (TestParty& party : parties_) party.network.reconnect = std::chrono::seconds(60);
  const auto state = [this] {
    return LoadState(parties_[0].config.state_directory, **plans_.Load(0))
        .value()
        .instance.instance;
  };
  const auto before = state();
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) {
    if (p.self() != PartyId::kP2) return ServeAt(p, io, SetUpMode::kRenew);
    auto met = ConnectParties(PartyId::kP2, {PartyId::kP0, PartyId::kP1}, p.network);
    if (!met.ok()) return met.status();
    { const auto gone = std::move(*met); }
    return ServeAt(p, io);
  };
  Queue({{1, 4}});
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) EXPECT_TRUE(status.ok()) << status;
  EXPECT_NE(state(), before);
}

// First all trust both authorities, then one party after another takes its new certificate, then
// all forget the old authority.
TEST_F(PartyProcess, CertificatesAndTheAuthorityAreRenewedWithTheSetUpKept) {
  SetUpAll();
  const TestDirectory renewed;
  ASSERT_TRUE(GenerateKeys({.directory = renewed.path()}).ok());
  const std::string both = renewed.path() + "/both.crt";
  {
    std::ofstream bundle(both);
    for (const std::string& directory : {KeyDirectory(), renewed.path()})
      bundle << std::ifstream(KeyFiles(directory, PartyId::kP0).ca_certificate).rdbuf();
  }
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  for (TestParty& party : parties_) party.network.ca_certificate = both;
  for (int next = 0; next < 4; ++next) {
    Queue({{1, 4}});
    for (const absl::Status& status : AtParties({0, 1, 2}, serve))
      ASSERT_TRUE(status.ok()) << next << ": " << status;
    if (next == 3) continue;
    const TlsFiles files = KeyFiles(renewed.path(), parties_[next].self());
    parties_[next].network.certificate = files.certificate;
    parties_[next].network.private_key = files.private_key;
  }
  for (TestParty& party : parties_)
    party.network.ca_certificate = KeyFiles(renewed.path(), party.self()).ca_certificate;
  Queue({{1, 4}});
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 5u);
  for (size_t i = 1; i < answers_.size(); ++i)
    EXPECT_GT(answers_[i]->number, answers_[i - 1]->number) << "of one set-up";
}

TEST_F(PartyProcess, AnOldSetUpIsRefusedAfterTheModelWasCompiledAgain) {
  SetUpAll();
  CompileOtherWeights();
  Queue({{1, 2}});
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 1); };
  const auto set_up = [](const TestParty& p, const DataOwnerIo*) { return SetUpAt(p); };
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  EXPECT_THAT(std::string(AtParties({0}, deal)[0].message()), HasSubstr("`setup --renew`"));
  for (const auto& status : {AtParties({0, 1, 2}, set_up), AtParties({0, 1, 2}, serve)}) {
    EXPECT_EQ(status[0].code(), absl::StatusCode::kFailedPrecondition);
    for (const absl::Status& one : status)
      EXPECT_THAT(std::string(one.message()), HasSubstr("`setup --renew`"));
  }
  EXPECT_TRUE(answers_.empty());
}

TEST_F(PartyProcess, ARenewedSetUpServesTheModelCompiledAgain) {
  SetUpAll();
  CompileOtherWeights();
  const auto renew = [](const TestParty& p, const DataOwnerIo*) {
    return SetUpAt(p, SetUpMode::kRenew);
  };
  for (const absl::Status& status : AtParties({0, 1, 2}, renew)) ASSERT_TRUE(status.ok()) << status;
  Queue({{1, 2}});
  const auto serve = [](const TestParty& p, const DataOwnerIo* io) { return ServeAt(p, io); };
  for (const absl::Status& status : AtParties({0, 1, 2}, serve)) ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok()) << answers_[0].status();
}

TEST_F(PartyProcess, PartiesOfDifferentInstancesRefuseEachOther) {
  SetUpAll();
  std::filesystem::copy(parties_[2].config.state_directory,
                        parties_[2].config.state_directory + ".old");
  const auto renew = [](const TestParty& p, const DataOwnerIo*) {
    return SetUpAt(p, SetUpMode::kRenew);
  };
  for (const absl::Status& status : AtParties({0, 1, 2}, renew)) ASSERT_TRUE(status.ok()) << status;
  parties_[2].config.state_directory += ".old";
  Queue({{1, 2}});
  const auto deal = [](const TestParty& p, const DataOwnerIo*) { return DealAt(p, 1); };
  const auto run = [](const TestParty& p, const DataOwnerIo* io) { return RunAt(p, io); };
  const auto dealt = AtParties({0, 2}, deal), ran = AtParties({1, 2}, run);
  for (const absl::Status& status : {dealt[0], dealt[2], ran[1], ran[2]})
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
}

TEST_F(PartyProcess, AStateDirectoryOpenToOthersIsRefusedBeforeAnybodyIsMet) {
  std::filesystem::create_directory(parties_[0].config.state_directory);
  std::filesystem::permissions(parties_[0].config.state_directory, std::filesystem::perms(0755));
  EXPECT_THAT(std::string(SetUpAt(parties_[0]).message()), HasSubstr("chmod 700"));
  EXPECT_THAT(std::string(ServeAt(parties_[0], nullptr).message()), HasSubstr("chmod 700"));
}

TEST_F(PartyProcess, WithoutSetUpTheRemedyIsNamed) {
  Queue({{1, 2}});
  EXPECT_THAT(std::string(RunAt(parties_[1], &io_).message()), HasSubstr("run `setup`"));
  EXPECT_THAT(std::string(DealAt(parties_[0], 1).message()), HasSubstr("run `setup`"));
}

}  // namespace
}  // namespace mpcc::session

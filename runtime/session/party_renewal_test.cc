// SPDX-License-Identifier: Apache-2.0
// Parties that are lost, and set-ups, certificates and models that are made anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runtime/session/party_state.h"
#include "runtime/session/test_parties.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

// All serve; P2 connects and is gone before it comes again to serve.
class LosingAssistant : public PartyProcess {
 protected:
  // P0 sets up in this mode.
  void ServeAll(SetUpMode mode) {
    for (TestParty& party : parties_) party.network.reconnect = std::chrono::seconds(60);
    const auto serve = [mode](const TestParty& p, const DataOwnerIo* io) {
      if (p.self() != PartyId::kP2) return ServeAt(p, io, mode);
      const absl::Status gone =
          ConnectParties(PartyId::kP2, {PartyId::kP0, PartyId::kP1}, p.network).status();
      return gone.ok() ? ServeAt(p, io) : gone;
    };
    for (const absl::Status& status : AtParties({0, 1, 2}, serve))
      EXPECT_TRUE(status.ok()) << status;
  }
};

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

TEST_F(LosingAssistant, IsWaitedFor) {
  SetUpAll();
  Queue({{1, 4}});
  ServeAll(SetUpMode::kKeep);
  ASSERT_EQ(answers_.size(), 1u);
  ExpectAnswer(answers_[0], {1, 4});
}

// P2 is lost before the set-up that P0 asks for: it is made when P2 comes again.
TEST_F(LosingAssistant, DoesNotEndARenewal) {
  SetUpAll();
  const auto state = [this] {
    return LoadState(parties_[0].config.state_directory, **plans_.Load(0))
        .value()
        .instance.instance;
  };
  const auto before = state();
  Queue({{1, 4}});
  ServeAll(SetUpMode::kRenew);
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

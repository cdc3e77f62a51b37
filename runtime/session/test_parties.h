// SPDX-License-Identifier: Apache-2.0
// For tests: three parties as threads over TLS on the loopback, each with its own plan and state
// directory.
#ifndef MPCC_RUNTIME_SESSION_TEST_PARTIES_H_
#define MPCC_RUNTIME_SESSION_TEST_PARTIES_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/base/status_macros.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/party_process.h"

namespace mpcc::session {

struct TestParty {
  PartyConfig config;
  NetworkOptions network;

  PartyId self() const { return config.plan.party(); }
};

// What `mpcc-party` does at the party of a plan; `io` is P1's.
inline absl::Status SetUpAt(const TestParty& party, SetUpMode mode = SetUpMode::kKeep) {
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

inline absl::Status DealAt(const TestParty& party, int count) {
  if (party.self() == PartyId::kP0) {
    MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(party.config));
    return Deal(owner, party.network, 0, count);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return Store(assistant, party.network);
}

inline absl::Status RunAt(const TestParty& party, const DataOwnerIo* io) {
  if (party.self() == PartyId::kP1) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(party.config));
    return Ask(owner, party.network, *io);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(party.config));
  return Assist(assistant, party.network);
}

inline absl::Status ServeAt(const TestParty& party, const DataOwnerIo* io,
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
inline const std::string& KeyDirectory() {
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

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_TEST_PARTIES_H_

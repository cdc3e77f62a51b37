// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party_process.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/base/status_macros.h"

namespace mpcc::session {
namespace {

constexpr PartyId kP0 = PartyId::kP0, kP1 = PartyId::kP1, kP2 = PartyId::kP2;

// Channels to two peers, or one.
struct Peers {
  std::unique_ptr<Channel> first, second;
};

absl::StatusOr<Peers> Meet(PartyId self, const NetworkOptions& network,
                           const std::vector<PartyId>& peers) {
  MPCC_ASSIGN_OR_RETURN(Channels channels, ConnectParties(self, peers, network));
  return Peers{std::move(channels[PartyIndex(peers.front())]),
               std::move(channels[PartyIndex(peers.back())])};
}

// One input after another until they end.
absl::Status AnswerAll(InferenceSession& session, const DataOwnerIo& io) {
  while (true) {
    auto inputs = io.next();
    if (absl::IsOutOfRange(inputs.status())) return session.End();
    MPCC_RETURN_IF_ERROR(inputs.status());
    if (!inputs->has_value()) {
      MPCC_RETURN_IF_ERROR(session.Ping());
      continue;
    }
    const auto answer = session.Infer(**inputs);
    io.answer(answer);
    if (!answer.ok() && !absl::IsInvalidArgument(answer.status())) return answer.status();
  }
}

// AnswerAll that also fails when an input was refused.
absl::Status AnswerOrFail(InferenceSession& session, const DataOwnerIo& io) {
  absl::Status refused;
  DataOwnerIo noting = io;
  noting.answer = [&](const absl::StatusOr<Answer>& answer) {
    if (!answer.ok()) refused = answer.status();
    io.answer(answer);
  };
  MPCC_RETURN_IF_ERROR(AnswerAll(session, noting));
  if (refused.ok()) return refused;
  return absl::Status(refused.code(),
                      fmt::format("an input was refused: {}", std::string(refused.message())));
}

}  // namespace

absl::Status SetUp(ModelOwner& owner, const NetworkOptions& network, SetUpMode mode) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP0, network, {kP1, kP2}));
  return owner.SetUp(std::move(peers.first), std::move(peers.second), mode);
}

absl::Status Deal(ModelOwner& owner, const NetworkOptions& network, int program, int count) {
  MPCC_RETURN_IF_ERROR(owner.CheckSetUp());
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP0, network, {kP2}));
  return owner.Deal(std::move(peers.first), program, count);
}

absl::Status Serve(ModelOwner& owner, const NetworkOptions& network, SetUpMode mode) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP0, network, {kP1, kP2}));
  return owner.Serve(std::move(peers.first), std::move(peers.second), mode);
}

absl::Status SetUp(Assistant& assistant, const NetworkOptions& network) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP2, network, {kP0, kP1}));
  return assistant.SetUp(std::move(peers.first), std::move(peers.second));
}

absl::Status Store(Assistant& assistant, const NetworkOptions& network) {
  MPCC_RETURN_IF_ERROR(assistant.CheckSetUp());
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP2, network, {kP0}));
  return assistant.Store(std::move(peers.first)).status();
}

absl::Status Assist(Assistant& assistant, const NetworkOptions& network) {
  MPCC_RETURN_IF_ERROR(assistant.CheckSetUp());
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP2, network, {kP1}));
  return assistant.Assist(std::move(peers.first));
}

absl::Status Serve(Assistant& assistant, const NetworkOptions& network) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP2, network, {kP0, kP1}));
  return assistant.Serve(std::move(peers.first), std::move(peers.second));
}

absl::Status SetUp(DataOwner& owner, const NetworkOptions& network) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP1, network, {kP0, kP2}));
  return owner.SetUp(std::move(peers.first), std::move(peers.second));
}

absl::Status Ask(DataOwner& owner, const NetworkOptions& network, const DataOwnerIo& io) {
  MPCC_RETURN_IF_ERROR(owner.CheckSetUp());
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP1, network, {kP2}));
  MPCC_ASSIGN_OR_RETURN(InferenceSession session, owner.Start(std::move(peers.first)));
  return AnswerOrFail(session, io);
}

absl::Status Serve(DataOwner& owner, const NetworkOptions& network, const DataOwnerIo& io,
                   const std::function<void(double setup_seconds)>& ready) {
  MPCC_ASSIGN_OR_RETURN(Peers peers, Meet(kP1, network, {kP0, kP2}));
  const auto start = std::chrono::steady_clock::now();
  MPCC_ASSIGN_OR_RETURN(InferenceSession session,
                        owner.Serve(std::move(peers.first), std::move(peers.second)));
  ready(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return AnswerAll(session, io);
}

}  // namespace mpcc::session

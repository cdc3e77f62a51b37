// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party_process.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

#include "runtime/base/status_macros.h"
#include "runtime/session/control.h"

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

using Clock = std::chrono::steady_clock;

// A session that lasted so long was well, whatever ended it.
constexpr std::chrono::seconds kWell{10};
// Between two attempts.
constexpr std::chrono::milliseconds kPause{200};

// Sessions one after another, until one ends otherwise than by the loss of a party, or a party is
// lost for longer than it is waited for.
absl::Status ServeAgain(PartyId self, NetworkOptions network, const std::vector<PartyId>& peers,
                        const std::function<absl::Status(Peers)>& session) {
  std::optional<Clock::time_point> lost;
  while (true) {
    if (lost)
      network.timeout =
          std::chrono::ceil<std::chrono::milliseconds>(*lost + network.reconnect - Clock::now());
    MPCC_ASSIGN_OR_RETURN(Peers met, Meet(self, network, peers));
    const auto begin = Clock::now();
    const absl::Status status = session(std::move(met));
    if (!lost || Clock::now() - begin > kWell) lost = Clock::now();
    if (!MayComeBack(status) || network.stop.stop_requested() ||
        Clock::now() + kPause >= *lost + network.reconnect)
      return status;
    if (network.log)
      network.log(LogLevel::kWarning,
                  fmt::format("{}; waiting for it for {} s", std::string(status.message()),
                              std::chrono::ceil<std::chrono::seconds>(network.reconnect).count()));
    std::this_thread::sleep_for(kPause);
  }
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
  SetUpMode now = mode;
  return ServeAgain(kP0, network, {kP1, kP2}, [&](Peers peers) {
    return owner.Serve(std::move(peers.first), std::move(peers.second), now,
                       [&now] { now = SetUpMode::kKeep; });
  });
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
  return ServeAgain(kP2, network, {kP0, kP1}, [&](Peers peers) {
    return assistant.Serve(std::move(peers.first), std::move(peers.second));
  });
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
  bool said = false;
  return ServeAgain(kP1, network, {kP0, kP2}, [&](Peers peers) -> absl::Status {
    const auto start = Clock::now();
    MPCC_ASSIGN_OR_RETURN(InferenceSession session,
                          owner.Serve(std::move(peers.first), std::move(peers.second)));
    if (!std::exchange(said, true))
      ready(std::chrono::duration<double>(Clock::now() - start).count());
    return AnswerAll(session, io);
  });
}

}  // namespace mpcc::session

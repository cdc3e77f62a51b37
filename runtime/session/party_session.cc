// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party_session.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/base/log.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/handshake.h"
#include "runtime/session/assistant.h"
#include "runtime/session/model_owner.h"
#include "runtime/session/setup.h"

namespace mpcc::session {
namespace {

constexpr int P0 = 0, P1 = 1, P2 = 2;

// Channels to these parties, each after a handshake that both want to do `purpose`.
absl::StatusOr<Channels> Meet(const PartyOptions& options, std::vector<PartyId> peers,
                              const std::string& purpose) {
  ConnectOptions connect;
  connect.self = options.self;
  connect.peers = peers;
  connect.endpoints = options.endpoints;
  connect.tls = options.tls;
  connect.wait = options.wait;
  MPCC_ASSIGN_OR_RETURN(Channels channels, Connect(connect));
  for (PartyId peer : peers) {
    HandshakeInfo info{options.self, peer, {}, purpose};
    std::copy_n(options.plan->set_id().begin(), info.plan_set_id.size(), info.plan_set_id.begin());
    MPCC_RETURN_IF_ERROR(Handshake(*channels[PartyIndex(peer)], info));
  }
  return channels;
}

std::vector<PartyId> Others(PartyId self) {
  std::vector<PartyId> others;
  for (PartyId party : kAllParties)
    if (party != self) others.push_back(party);
  return others;
}

absl::StatusOr<PartyState> SetUpOver(const PartyOptions& options, Channels& channels) {
  const SetupOptions setup{options.plan, options.state_directory, options.renew};
  if (options.self == PartyId::kP0) return SetUpModelOwner(setup, *channels[P1], *channels[P2]);
  return SetUpEvaluator(setup, *channels[P0]);
}

absl::StatusOr<PartyState> ExistingState(const PartyOptions& options) {
  auto state = LoadState(options.state_directory, *options.plan);
  if (absl::IsNotFound(state.status()))
    return absl::FailedPreconditionError(fmt::format(
        "{}: not set up yet: run `setup` at all three parties first", options.state_directory));
  return state;
}

// P1's loop: one input after another until they end.
absl::Status AnswerAll(DataOwner& owner, Channel& p2, const DataOwnerIo& io) {
  while (true) {
    auto inputs = io.next();
    if (absl::IsOutOfRange(inputs.status())) return SendControl(p2, {.kind = ControlKind::kEnd});
    MPCC_RETURN_IF_ERROR(inputs.status());
    if (!inputs->has_value()) {
      MPCC_RETURN_IF_ERROR(owner.Ping(p2));
      continue;
    }
    const auto answer = owner.Infer(p2, **inputs);
    io.answer(answer);
    if (!answer.ok() && !absl::IsInvalidArgument(answer.status())) return answer.status();
  }
}

// AnswerAll that also fails when an input was refused.
absl::Status AnswerOrFail(DataOwner& owner, Channel& p2, const DataOwnerIo& io) {
  absl::Status refused;
  DataOwnerIo noting = io;
  noting.answer = [&](const absl::StatusOr<Answer>& answer) {
    if (!answer.ok()) refused = answer.status();
    io.answer(answer);
  };
  MPCC_RETURN_IF_ERROR(AnswerAll(owner, p2, noting));
  if (refused.ok()) return refused;
  return absl::Status(refused.code(),
                      fmt::format("an input was refused: {}", std::string(refused.message())));
}

absl::Status ServeModelOwner(const PartyOptions& options, PartyState state, Channels& channels) {
  MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(options.plan, std::move(state),
                                                             options.state_directory));
  return owner.Serve(*channels[P2]);
}

absl::Status ServeAssistant(const PartyOptions& options, PartyState state, Channels& channels) {
  MPCC_ASSIGN_OR_RETURN(Assistant assistant,
                        Assistant::Create(options.plan, std::move(state), options.state_directory));
  MaterialFeed feed(options.plan->plan(), std::move(channels[P0]));
  absl::Status status = assistant.Serve(*channels[P1], &feed);
  feed.GiveUp(status);
  return status;
}

}  // namespace

absl::Status SetUp(const PartyOptions& options) {
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(options.state_directory));
  MPCC_ASSIGN_OR_RETURN(Channels channels, Meet(options, Others(options.self), "setup"));
  return SetUpOver(options, channels).status();
}

absl::Status Deal(const PartyOptions& options, int program, int count) {
  if (options.self == PartyId::kP1)
    return absl::InvalidArgumentError("P1 takes no part in dealing: run `deal` at P0 and P2");
  MPCC_ASSIGN_OR_RETURN(PartyState state, ExistingState(options));
  const PartyId peer = options.self == PartyId::kP0 ? PartyId::kP2 : PartyId::kP0;
  MPCC_ASSIGN_OR_RETURN(Channels channels,
                        Meet(options, {peer}, "deal " + InstanceText(state.instance)));
  if (options.self == PartyId::kP0) {
    MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(options.plan, std::move(state),
                                                               options.state_directory));
    return owner.DealToStore(*channels[P2], program, count);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant,
                        Assistant::Create(options.plan, std::move(state), options.state_directory));
  MPCC_ASSIGN_OR_RETURN(const int stored, assistant.StoreDealt(*channels[P0]));
  spdlog::info("material of {} inferences stored", stored);
  return absl::OkStatus();
}

absl::Status RunStored(const PartyOptions& options, const DataOwnerIo* io) {
  if (options.self == PartyId::kP0)
    return absl::InvalidArgumentError("P0 takes no part online: run `run` at P1 and P2");
  MPCC_ASSIGN_OR_RETURN(PartyState state, ExistingState(options));
  const PartyId peer = options.self == PartyId::kP1 ? PartyId::kP2 : PartyId::kP1;
  MPCC_ASSIGN_OR_RETURN(Channels channels,
                        Meet(options, {peer}, "run " + InstanceText(state.instance)));
  if (options.self == PartyId::kP1) {
    MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(options.plan, std::move(state),
                                                             options.state_directory));
    return AnswerOrFail(owner, *channels[P2], *io);
  }
  MPCC_ASSIGN_OR_RETURN(Assistant assistant,
                        Assistant::Create(options.plan, std::move(state), options.state_directory));
  return assistant.Serve(*channels[P1], nullptr);
}

absl::Status Serve(const PartyOptions& options, const DataOwnerIo* io) {
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(options.state_directory));
  MPCC_ASSIGN_OR_RETURN(Channels channels, Meet(options, Others(options.self), "serve"));
  const auto start = std::chrono::steady_clock::now();
  MPCC_ASSIGN_OR_RETURN(PartyState state, SetUpOver(options, channels));
  if (options.self == PartyId::kP0) return ServeModelOwner(options, std::move(state), channels);
  if (options.self == PartyId::kP2) return ServeAssistant(options, std::move(state), channels);
  MPCC_ASSIGN_OR_RETURN(DataOwner owner,
                        DataOwner::Create(options.plan, std::move(state), options.state_directory));
  // Everybody is ready when P2 answers.
  MPCC_RETURN_IF_ERROR(owner.Ping(*channels[P2]));
  io->ready(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return AnswerAll(owner, *channels[P2], *io);
}

}  // namespace mpcc::session

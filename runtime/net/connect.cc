// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/connect.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/base/status_macros.h"
#include "runtime/net/introduce.h"
#include "runtime/net/introductions.h"
#include "runtime/net/waiter.h"

namespace mpcc {
namespace {

using std::chrono::milliseconds;

milliseconds Until(Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(1));
}

absl::Status Check(const ConnectOptions& options) {
  std::array<bool, 3> seen{};
  for (PartyId peer : options.peers) {
    if (peer == options.self || std::exchange(seen[PartyIndex(peer)], true)) {
      return absl::InvalidArgumentError(
          fmt::format("party {} cannot have {} as a peer twice or be its own peer",
                      PartyName(options.self), PartyName(peer)));
    }
  }
  if (options.tls != nullptr && options.tls->party() != options.self) {
    return absl::InvalidArgumentError(fmt::format(
        "this is party {} but its certificate is of {}: give party {} its own files",
        PartyName(options.self), PartyName(options.tls->party()), PartyName(options.self)));
  }
  return absl::OkStatus();
}

absl::Status ConnectTo(PartyId peer, const ConnectOptions& options, Deadline deadline,
                       Channels& channels) {
  const Endpoint& endpoint = options.endpoints[PartyIndex(peer)];
  absl::StatusOr<UniqueFd> socket = ConnectTcp(endpoint, deadline, options.stop);
  if (absl::IsCancelled(socket.status())) return socket.status();
  if (!socket.ok()) {
    return absl::Status(socket.status().code(),
                        fmt::format("party {} is not there: {}; start it, or check its address",
                                    PartyName(peer), std::string(socket.status().message())));
  }
  const Introduction introduction{options.self, options.tls, options.wait, Until(deadline)};
  MPCC_ASSIGN_OR_RETURN(IntroducedPeer introduced,
                        Introduce(*std::move(socket), Side::kConnector, {&peer, 1}, introduction));
  channels[PartyIndex(peer)] = std::move(introduced.channel);
  return absl::OkStatus();
}

absl::Status Missing(const std::vector<PartyId>& missing, const Listener& listener,
                     const ConnectOptions& options, const std::string& last_stranger) {
  std::string names;
  for (PartyId party : missing) names += fmt::format(" {}", PartyName(party));
  std::string text =
      fmt::format("no connection to {} in {} ms from:{}; start it, or check this party's address",
                  EndpointText(listener.endpoint()), options.timeout.count(), names);
  if (!last_stranger.empty()) text += "; last one turned away: " + last_stranger;
  return absl::UnavailableError(text);
}

// The deadline ends the wait, but not who is missing: that is told after it.
absl::Status AcceptAll(std::vector<PartyId> missing, Listener& listener,
                       const ConnectOptions& options, Deadline deadline, Channels& channels) {
  Introductions introductions(std::move(missing), options, channels);
  absl::Status accepting;
  while (accepting.ok()) {
    absl::StatusOr<UniqueFd> socket = listener.Accept(deadline, introductions.done());
    accepting = socket.status();
    if (socket.ok()) introductions.Begin(*std::move(socket), deadline);
  }
  missing = introductions.End();
  if (missing.empty()) return absl::OkStatus();
  if (options.stop.stop_requested()) return absl::CancelledError("it was stopped");
  if (!absl::IsDeadlineExceeded(accepting)) return accepting;
  return Missing(missing, listener, options, introductions.last_stranger());
}

}  // namespace

bool Listens(PartyId self, PartyId peer, const std::array<PartyId, 3>& order) {
  return std::ranges::find(order, self) < std::ranges::find(order, peer);
}

bool MustListen(const ConnectOptions& options) {
  return std::ranges::any_of(options.peers, [&](PartyId peer) {
    return Listens(options.self, peer, options.listening_order);
  });
}

absl::StatusOr<Channels> Connect(const ConnectOptions& options) {
  MPCC_RETURN_IF_ERROR(Check(options));
  if (!MustListen(options)) return Connect(options, nullptr);
  MPCC_ASSIGN_OR_RETURN(Listener listener, Listener::Bind(options.listen));
  return Connect(options, &listener);
}

absl::StatusOr<Channels> Connect(const ConnectOptions& options, Listener* listener) {
  MPCC_RETURN_IF_ERROR(Check(options));
  const Deadline deadline =
      std::chrono::steady_clock::now() + std::min(options.timeout, kLongestWait);
  Channels channels;
  std::vector<PartyId> callers;
  for (PartyId peer : options.peers) {
    if (Listens(options.self, peer, options.listening_order)) {
      callers.push_back(peer);
    } else {
      MPCC_RETURN_IF_ERROR(ConnectTo(peer, options, deadline, channels));
    }
  }
  if (!callers.empty()) {
    MPCC_RETURN_IF_ERROR(AcceptAll(callers, *listener, options, deadline, channels));
  }
  return channels;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/connect.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "runtime/base/status_macros.h"
#include "runtime/net/gather.h"
#include "runtime/net/introduce.h"
#include "runtime/net/introductions.h"
#include "runtime/net/socket_io.h"
#include "runtime/net/waiter.h"

namespace mpcc {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Between two attempts at a link that broke.
constexpr milliseconds kFirstPause{20}, kLongestPause{1'000};
// How often a party that waits looks whether those that were there still are.
constexpr milliseconds kLook{100};

milliseconds Until(Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
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

bool MayTryAgain(const absl::Status& status, const ConnectOptions& options, Deadline deadline) {
  return absl::IsUnavailable(status) && !options.stop.stop_requested() && Clock::now() < deadline;
}

void TellOnce(const absl::Status& why, const ConnectOptions& options, std::string& told) {
  std::string text(why.message());
  if (options.log && text != told)
    options.log(LogLevel::kWarning, fmt::format("{}; trying again", text));
  told = std::move(text);
}

absl::StatusOr<std::unique_ptr<StreamChannel>> ConnectOnce(PartyId peer,
                                                           const ConnectOptions& options,
                                                           Deadline deadline) {
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
  return std::move(introduced.channel);
}

// Whoever goes away while it is greeted may come again, like one that is not there yet.
absl::Status ConnectTo(PartyId peer, const ConnectOptions& options, Deadline deadline,
                       Links& links) {
  std::string told;
  milliseconds pause = kFirstPause;
  while (true) {
    auto link = ConnectOnce(peer, options, deadline);
    const absl::Status status = link.status();
    if (link.ok()) links[PartyIndex(peer)] = *std::move(link);
    if (!MayTryAgain(status, options, deadline - pause)) return status;
    TellOnce(status, options, told);
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, kLongestPause);
  }
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

// Until all are there, or one of those that were is gone. The deadline ends the wait, but not who
// is missing: that is told after it.
absl::Status AcceptAll(std::vector<PartyId> missing, Listener& listener,
                       const ConnectOptions& options, Deadline deadline, Links& links) {
  Introductions introductions(std::move(missing), options, links);
  absl::Status accepting;
  bool lost = false;
  while (!lost &&
         (accepting.ok() || (absl::IsDeadlineExceeded(accepting) && Clock::now() < deadline))) {
    absl::StatusOr<UniqueFd> socket =
        listener.Accept(std::min(deadline, Clock::now() + kLook), introductions.done());
    accepting = socket.status();
    if (socket.ok()) introductions.Begin(*std::move(socket), deadline);
    lost = introductions.Lost();
  }
  missing = introductions.End();
  if (missing.empty() || lost) return absl::OkStatus();
  if (options.stop.stop_requested()) return absl::CancelledError("it was stopped");
  if (!absl::IsDeadlineExceeded(accepting)) return accepting;
  return Missing(missing, listener, options, introductions.last_stranger());
}

// Who is gone may have said before that all are there, which holds no more.
void DropClosed(Links& links) {
  for (auto& link : links)
    if (link && SocketClosed(link->stream().fd())) link = nullptr;
}

// Those to whom there is no link, and who connect to this party or do not.
std::vector<PartyId> MissingPeers(const ConnectOptions& options, const Links& links, bool callers) {
  std::vector<PartyId> missing = options.peers;
  std::erase_if(missing, [&](PartyId peer) {
    return links[PartyIndex(peer)] ||
           Listens(options.self, peer, options.listening_order) != callers;
  });
  return missing;
}

// Links to all peers, none of which is known to be gone.
absl::Status MakeLinks(const ConnectOptions& options, Listener* listener, Deadline deadline,
                       Links& links) {
  while (true) {
    for (PartyId peer : MissingPeers(options, links, /*callers=*/false))
      MPCC_RETURN_IF_ERROR(ConnectTo(peer, options, deadline, links));
    if (auto callers = MissingPeers(options, links, /*callers=*/true); !callers.empty())
      MPCC_RETURN_IF_ERROR(AcceptAll(std::move(callers), *listener, options, deadline, links));
    DropClosed(links);
    if (std::ranges::all_of(options.peers,
                            [&](PartyId p) { return links[PartyIndex(p)] != nullptr; }))
      return absl::OkStatus();
  }
}

Channels InChannels(Links links) {
  Channels channels;
  std::ranges::move(links, channels.begin());
  return channels;
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
  const Deadline deadline = Clock::now() + std::min(options.timeout, kLongestWait);
  std::string told;
  while (true) {
    Links links;
    MPCC_RETURN_IF_ERROR(MakeLinks(options, listener, deadline, links));
    const absl::Status gathered = Gather(options.self, links, deadline, options.stop);
    if (gathered.ok()) return InChannels(std::move(links));
    if (!MayTryAgain(gathered, options, deadline)) return gathered;
    TellOnce(gathered, options, told);
  }
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// From three addresses to the channels a party needs.
#ifndef MPCC_RUNTIME_NET_CONNECT_H_
#define MPCC_RUNTIME_NET_CONNECT_H_

#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/network.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/listener.h"
#include "runtime/net/stream_channel.h"
#include "runtime/net/tls_context.h"

namespace mpcc {

// By party, null for those that are not there.
using Links = std::array<std::unique_ptr<StreamChannel>, 3>;

struct ConnectOptions {
  PartyId self = PartyId::kP0;
  std::vector<PartyId> peers;           // without self, each once
  std::array<Endpoint, 3> endpoints{};  // by party; only those of listeners are used
  Endpoint listen{};                    // of self, if it listens
  std::array<PartyId, 3> listening_order = kAllParties;
  const TlsContext* tls = nullptr;  // null: plain TCP, for tests and trusted machines only
  WaitOptions wait{};
  std::chrono::milliseconds timeout{30'000};  // for all parties to be there
  std::stop_token stop{};                     // CANCELLED while waiting for them
  LogSink log{};                              // strangers turned away, links that broke
};

// Whether of two parties this one listens: it stands before the other in the order.
bool Listens(PartyId self, PartyId peer, const std::array<PartyId, 3>& order);

// Of two parties the one that stands first in the order listens and the other connects, so parties
// may start in any order. Whoever connects to a listener is heard beside others, for a few seconds;
// strangers (wrong certificate, wrong role, no mpcc at all, nothing said) are logged and turned
// away, and the wait goes on; a listener that is not who it should be is an error at once.
// A peer that goes away before all parties have all their links is waited for like one that never
// came: the link that broke is made again, until the deadline. UNAVAILABLE names every missing
// party and, if there was one, the last stranger.
absl::StatusOr<Channels> Connect(const ConnectOptions& options);

// The same with a listener already bound, for callers that let the system choose the port. Null
// when `options` has no peer to listen for.
absl::StatusOr<Channels> Connect(const ConnectOptions& options, Listener* listener);

// Whether a party with these peers has to listen.
bool MustListen(const ConnectOptions& options);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_CONNECT_H_

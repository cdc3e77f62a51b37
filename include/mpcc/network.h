// SPDX-License-Identifier: Apache-2.0
// Channels to parties on other machines: TLS 1.3 with certificates at both ends.
#ifndef MPCC_NETWORK_H_
#define MPCC_NETWORK_H_

#include <array>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/export.h"
#include "mpcc/log_sink.h"
#include "mpcc/party.h"
#include "mpcc/progress_sink.h"
#include "mpcc/wait_options.h"

namespace mpcc {

// A slower link than there is, for measurements with all parties on one machine: both ends of a
// connection wait as long as it would take.
struct SimulatedLink {
  std::chrono::nanoseconds round_trip{0};
  double bits_per_second = 0;  // each way; 0: nothing is simulated
};

struct NetworkOptions {
  // "host:port" by party, as the others reach it.
  std::array<std::string, 3> addresses;
  // "host:port" where this party listens, such as 0.0.0.0:9100; empty for its address.
  std::string listen;
  // Of two parties the one that stands here first listens and the other connects: the last one
  // never listens, and so need not be reachable. The same at all parties.
  std::array<PartyId, 3> listening_order = kAllParties;

  // PEM files, as `mpcc keygen` makes them; the key must not be accessible to other users.
  std::string ca_certificate, certificate, private_key;
  bool insecure = false;  // plain TCP without those, for tests: addresses are of this machine
  bool insecure_network = false;  // then they need not be, and whoever sees P1 and P2 talk and
                                  // works with P0 sees the input

  WaitOptions wait{};
  std::chrono::milliseconds timeout{30'000};  // for all peers to be there
  // `serve` of mpcc-party: for how long a party that was lost is waited for; zero for not at all.
  std::chrono::milliseconds reconnect{0};
  std::stop_token stop{};                    // no more waiting; a greeting ends first
  LogSink log{};                             // strangers that were turned away
  ProgressSink progress{};                   // whom this party waits for
  std::array<SimulatedLink, 3> simulated{};  // by peer
};

// By party; null for parties not asked for.
using Channels = std::array<std::unique_ptr<Channel>, 3>;

// Connects party `self` with `peers`, each named once. Parties may start in any order. UNAVAILABLE
// names every missing party; INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION or UNAUTHENTICATED
// say what is wrong with a file, an address or the party at the other end; CANCELLED when stopped.
MPCC_EXPORT absl::StatusOr<Channels> ConnectParties(PartyId self, const std::vector<PartyId>& peers,
                                                    const NetworkOptions& options);

}  // namespace mpcc

#endif  // MPCC_NETWORK_H_

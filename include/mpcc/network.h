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
#include "mpcc/wait_options.h"

namespace mpcc {

// A slower link than there is, for measurements with all parties on one machine: both ends of a
// connection wait as long as it would take.
struct SimulatedLink {
  std::chrono::nanoseconds round_trip{0};
  double bits_per_second = 0;  // each way; 0: nothing is simulated
};

struct NetworkOptions {
  // "host:port" by party. Of two parties the one with the lower number listens: P2 never does.
  std::array<std::string, 3> addresses;

  // PEM files, as `mpcc keygen` makes them; the key must not be accessible to other users.
  std::string ca_certificate, certificate, private_key;
  bool insecure = false;  // plain TCP without those, for tests on one machine

  WaitOptions wait{};
  std::chrono::milliseconds timeout{30'000};  // for all peers to be there
  std::stop_token stop{};                     // no more waiting; a greeting ends first
  LogSink log{};                              // strangers that were turned away
  std::array<SimulatedLink, 3> simulated{};   // by peer
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

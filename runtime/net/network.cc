// SPDX-License-Identifier: Apache-2.0
#include "mpcc/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runtime/base/status_macros.h"
#include "runtime/net/connect.h"
#include "runtime/net/simulated_channel.h"

namespace mpcc {

absl::StatusOr<Channels> ConnectParties(PartyId self, const std::vector<PartyId>& peers,
                                        const NetworkOptions& options) {
  ConnectOptions connect;
  connect.self = self;
  connect.peers = peers;
  for (PartyId party : kAllParties) {
    const std::string& address = options.addresses[PartyIndex(party)];
    if (address.empty()) continue;
    MPCC_ASSIGN_OR_RETURN(connect.endpoints[PartyIndex(party)], ParseEndpoint(address));
  }
  for (PartyId peer : peers)
    if (const PartyId listener = std::min(self, peer);
        options.addresses[PartyIndex(listener)].empty())
      return absl::InvalidArgumentError(
          fmt::format("the address of {} is missing, where it listens for {}: write host:port",
                      PartyName(listener), PartyName(std::max(self, peer))));
  std::optional<TlsContext> tls;
  if (!options.insecure) {
    MPCC_ASSIGN_OR_RETURN(
        TlsContext context,
        TlsContext::Load({options.ca_certificate, options.certificate, options.private_key}));
    connect.tls = &tls.emplace(std::move(context));
  }
  connect.wait = options.wait;
  connect.timeout = options.timeout;
  connect.stop = options.stop;
  connect.log = options.log;
  MPCC_ASSIGN_OR_RETURN(Channels channels, Connect(connect));
  for (PartyId peer : peers)
    if (const SimulatedLink& link = options.simulated[PartyIndex(peer)]; link.bits_per_second > 0)
      channels[PartyIndex(peer)] =
          MakeSimulatedChannel(std::move(channels[PartyIndex(peer)]), link);
  return channels;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "mpcc/network.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/status_macros.h"
#include "runtime/base/working.h"
#include "runtime/net/connect.h"
#include "runtime/net/simulated_channel.h"

namespace mpcc {

namespace {

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

absl::Status CheckInsecure(const NetworkOptions& options, const ConnectOptions& connect) {
  if (options.insecure_network) {
    if (options.log)
      options.log(
          LogLevel::kWarning,
          "no TLS: whoever sees this network sees what the parties send, and can be any of them");
    return absl::OkStatus();
  }
  std::vector<Endpoint> all(connect.endpoints.begin(), connect.endpoints.end());
  all.push_back(connect.listen);
  for (const Endpoint& endpoint : all)
    if (!endpoint.host.empty() && !IsLoopback(endpoint.host))
      return absl::InvalidArgumentError(fmt::format(
          "{} is not of this machine, and without TLS others see what is sent there: give "
          "certificates, or say `--insecure-network` where nothing is secret",
          EndpointText(endpoint)));
  return absl::OkStatus();
}

absl::Status CheckAddresses(PartyId self, const std::vector<PartyId>& peers,
                            const NetworkOptions& options, const ConnectOptions& connect) {
  for (PartyId peer : peers) {
    const PartyId listener = Listens(self, peer, connect.listening_order) ? self : peer;
    if (options.addresses[PartyIndex(listener)].empty() &&
        (listener != self || options.listen.empty()))
      return absl::InvalidArgumentError(
          fmt::format("the address of {} is missing, where it listens for {}: write host:port",
                      PartyName(listener), PartyName(listener == self ? peer : self)));
  }
  return absl::OkStatus();
}

absl::StatusOr<ConnectOptions> WithoutTls(PartyId self, const std::vector<PartyId>& peers,
                                          const NetworkOptions& options) {
  ConnectOptions connect;
  connect.self = self;
  connect.peers = peers;
  connect.listening_order = options.listening_order;
  for (PartyId party : kAllParties) {
    const std::string& address = options.addresses[PartyIndex(party)];
    if (address.empty()) continue;
    MPCC_ASSIGN_OR_RETURN(connect.endpoints[PartyIndex(party)], ParseEndpoint(address));
  }
  connect.listen = connect.endpoints[PartyIndex(self)];
  if (!options.listen.empty()) {
    MPCC_ASSIGN_OR_RETURN(connect.listen, ParseEndpoint(options.listen));
  }
  connect.wait = options.wait;
  connect.timeout = options.timeout;
  connect.stop = options.stop;
  connect.log = options.log;
  MPCC_RETURN_IF_ERROR(CheckAddresses(self, peers, options, connect));
  return connect;
}

absl::StatusOr<Channels> Simulated(absl::StatusOr<Channels> channels,
                                   const NetworkOptions& options) {
  if (!channels.ok()) return channels;
  for (PartyId peer : kAllParties) {
    std::unique_ptr<Channel>& channel = (*channels)[PartyIndex(peer)];
    const SimulatedLink& link = options.simulated[PartyIndex(peer)];
    if (channel && link.bits_per_second > 0)
      channel = MakeSimulatedChannel(std::move(channel), link);
  }
  return channels;
}

std::string WaitingFor(const std::vector<PartyId>& peers) {
  std::string text = "waiting for ";
  for (size_t i = 0; i < peers.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : " and ", PartyName(peers[i]));
  return text;
}

}  // namespace

absl::StatusOr<Channels> ConnectParties(PartyId self, const std::vector<PartyId>& peers,
                                        const NetworkOptions& options) {
  MPCC_ASSIGN_OR_RETURN(ConnectOptions connect, WithoutTls(self, peers, options));
  const std::string waiting = WaitingFor(peers);
  const Working work(options.progress, {.what = waiting, .unit = {}});
  if (options.insecure) {
    MPCC_RETURN_IF_ERROR(CheckInsecure(options, connect));
    return Simulated(Connect(connect), options);
  }
  MPCC_ASSIGN_OR_RETURN(
      const TlsContext tls,
      TlsContext::Load({options.ca_certificate, options.certificate, options.private_key}));
  MPCC_RETURN_IF_ERROR(tls.CheckTime());
  connect.tls = &tls;
  return Simulated(Connect(connect), options);
}

}  // namespace mpcc

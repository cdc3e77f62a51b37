// SPDX-License-Identifier: Apache-2.0
#include "tools/simulated_links.h"

#include <chrono>

#include "runtime/base/network_profile.h"
#include "runtime/base/status_macros.h"

namespace mpcc {

absl::StatusOr<std::array<SimulatedLink, 3>> SimulatedLinks(int role, const std::string& simulate,
                                                            const std::string& uplink) {
  std::array<SimulatedLink, 3> links{};
  if (simulate.empty()) {
    if (uplink.empty()) return links;
    return absl::InvalidArgumentError("--uplink needs --simulate: there is no link to be slower");
  }
  NetworkProfile network;
  MPCC_RETURN_IF_ERROR(SetNetwork(network, simulate));
  network.offline_bits_per_second = network.online_bits_per_second;
  if (!uplink.empty()) MPCC_RETURN_IF_ERROR(SetUplink(network, uplink));
  const std::chrono::duration<double> round_trip(network.round_trip_seconds);
  for (int peer = 0; peer < 3; ++peer)
    links[peer] = {
        std::chrono::duration_cast<std::chrono::nanoseconds>(round_trip),
        role == 0 || peer == 0 ? network.offline_bits_per_second : network.online_bits_per_second};
  return links;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_RUNTIME_NET_ENDPOINT_H_
#define MPCC_RUNTIME_NET_ENDPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace mpcc {

// Where a party listens.
struct Endpoint {
  std::string host;   // a name or an address
  uint16_t port = 0;  // 0: the system chooses, for listeners only

  bool operator==(const Endpoint&) const = default;
};

// "host:port"; an IPv6 address stands in brackets: "[::1]:9100".
absl::StatusOr<Endpoint> ParseEndpoint(const std::string& text);

// The inverse.
std::string EndpointText(const Endpoint& endpoint);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_ENDPOINT_H_

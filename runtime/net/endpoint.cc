// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/endpoint.h"

#include <fmt/format.h>

#include <charconv>

namespace mpcc {
namespace {

// The host without its brackets; empty when they are missing or misplaced.
std::string HostOf(const std::string& text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const std::string host = bracketed ? text.substr(1, text.size() - 2) : text;
  const bool has_colon = host.find(':') != std::string::npos;
  const bool has_bracket = host.find_first_of("[]") != std::string::npos;
  return has_colon != bracketed || has_bracket ? "" : host;
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    Endpoint endpoint{HostOf(text.substr(0, colon)), 0};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (!endpoint.host.empty() && error == std::errc() && stop == end) return endpoint;
  }
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is no endpoint: write host:port or [ipv6-address]:port, port 0 to 65535", text));
}

std::string EndpointText(const Endpoint& endpoint) {
  const bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return ipv6 ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
              : fmt::format("{}:{}", endpoint.host, endpoint.port);
}

}  // namespace mpcc

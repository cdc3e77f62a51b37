// SPDX-License-Identifier: Apache-2.0
// Round trips and rates of the links between the parties, and their text: what the compiler chooses
// by, what a prediction is for, and what a simulated link does.
#ifndef MPCC_RUNTIME_BASE_NETWORK_PROFILE_H_
#define MPCC_RUNTIME_BASE_NETWORK_PROFILE_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace mpcc {

struct NetworkProfile {
  double round_trip_seconds = 60e-6;      // between P1 and P2
  double online_bits_per_second = 10e9;   // between P1 and P2, each way
  double offline_bits_per_second = 40e9;  // dealt by P0, sent to P2 and read again

  // An exchange, in which both send.
  double RoundSeconds() const { return round_trip_seconds / 2; }
};

// Between P1 and P2: "rtt=40ms,bw=100mbit", either alone, or the name of a profile ("lan"). What is
// not said stays. INVALID_ARGUMENT with what was found, what is accepted and a remedy.
absl::Status SetNetwork(NetworkProfile& network, std::string_view text);

// From P0 to P2: "bw=100mbit".
absl::Status SetUplink(NetworkProfile& network, std::string_view text);

// A profile that SetNetwork takes by name, and what the name stands for.
struct NamedNetwork {
  std::string_view name, text;
};
std::span<const NamedNetwork> AllNamedNetworks();

// "local (rtt=60us,bw=10gbit), ..."
std::string NamedNetworks();

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_NETWORK_PROFILE_H_

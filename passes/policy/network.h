// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_POLICY_NETWORK_H_
#define MPCC_PASSES_POLICY_NETWORK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "passes/policy/policy.h"

namespace mpcc {

// "rtt=40ms,bw=100mbit", either alone, or the name of a profile ("lan"). What is not said stays.
// INVALID_ARGUMENT with what was found, what is accepted and a remedy.
absl::Status SetNetwork(NetworkProfile& network, std::string_view text);

// "local (rtt=60us, bw=10gbit), ..."
std::string NamedNetworks();

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_NETWORK_H_

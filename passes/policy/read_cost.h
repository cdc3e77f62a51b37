// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_POLICY_READ_COST_H_
#define MPCC_PASSES_POLICY_READ_COST_H_

#include <algorithm>

#include "passes/policy/policy.h"

namespace mpcc {

// What an exchange takes two busy machines that are as near as may be.
inline constexpr double kLeastExchangeSeconds = 120e-6;

// What operations take on a network: their rounds, bits between P1 and P2 each way, and bits dealt.
struct ReadCost {
  double rounds = 0, online_bits = 0, dealt_bits = 0;

  double Seconds(const NetworkProfile& network) const {
    return rounds * std::max(network.RoundSeconds(), kLeastExchangeSeconds) +
           online_bits / network.online_bits_per_second +
           dealt_bits / network.offline_bits_per_second;
  }
};

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_READ_COST_H_

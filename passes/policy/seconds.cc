// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/seconds.h"

namespace mpcc {

double Seconds(const NetworkProfile& network, int64_t elements, const ElementCost& cost) {
  const double n = static_cast<double>(elements);
  return cost.rounds * network.RoundSeconds() +
         n * cost.online_bits_p1_to_p2 / network.online_bits_per_second +
         n * cost.dealt_bits / network.offline_bits_per_second;
}

double OpeningSeconds(const NetworkProfile& network, int64_t elements, int width) {
  return Seconds(network, elements, CostPerElement(Operation::kReshare, width, width));
}

double TableSeconds(const NetworkProfile& network, int64_t elements, int index, int width) {
  return Seconds(network, elements, CostPerElement(Operation::kLut, index, width, index));
}

double LiftSeconds(const NetworkProfile& network, int64_t elements, int from, int to) {
  return OpeningSeconds(network, elements, from) + OpeningSeconds(network, elements, to - from) +
         Seconds(network, elements, CostPerElement(Operation::kWrap, from, to - from));
}

}  // namespace mpcc

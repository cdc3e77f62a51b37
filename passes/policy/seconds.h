// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_POLICY_SECONDS_H_
#define MPCC_PASSES_POLICY_SECONDS_H_

#include <cstdint>

#include "passes/policy/policy.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

// What `elements` of this cost take on a network.
double Seconds(const NetworkProfile& network, int64_t elements, const ElementCost& cost);

// An opening of `width` bits.
double OpeningSeconds(const NetworkProfile& network, int64_t elements, int width);
// A table of 2^index entries of `width` bits, without the opening of its index.
double TableSeconds(const NetworkProfile& network, int64_t elements, int index, int width);
// `from` bits that are replicated in `to` bits, their opening included.
double LiftSeconds(const NetworkProfile& network, int64_t elements, int from, int to);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_SECONDS_H_

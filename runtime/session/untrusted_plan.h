// SPDX-License-Identifier: Apache-2.0
// Does the validator keep its word? For the fuzz target and the tests of damaged plans.
#ifndef MPCC_RUNTIME_SESSION_UNTRUSTED_PLAN_H_
#define MPCC_RUNTIME_SESSION_UNTRUSTED_PLAN_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc::session {

// Validates a plan from anywhere; one that passes is printed and, unless it is large, each of its
// programs runs at its party with arbitrary inputs, material and messages of the peer. Whatever the
// plan, nothing may touch memory that is not its own. Returns how many programs ran to their end,
// the validator's INVALID_ARGUMENT, or the error of a run: INVALID_ARGUMENT for its inputs;
// INTERNAL, a cost that the plan did not predict, must not occur.
absl::StatusOr<int> RunUntrustedPlan(plan::Plan plan, std::span<const uint8_t> constants);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_UNTRUSTED_PLAN_H_

// SPDX-License-Identifier: Apache-2.0
// Damages plans at random, field by field, for tests of everything that reads plans.
#ifndef MPCC_RUNTIME_PLAN_PLAN_MUTATOR_H_
#define MPCC_RUNTIME_PLAN_PLAN_MUTATOR_H_

#include <cstdint>
#include <random>
#include <span>

#include "runtime/plan/plan.pb.h"

namespace mpcc {

// One change, each field of each message as likely as another: a scalar takes a small, extreme,
// neighbouring or any value; a list that is not empty gains, loses, swaps or changes an element.
void MutatePlan(plan::Plan& plan, std::mt19937_64& random);

// Declares the costs that the steps imply if that is all that is wrong, so that a change gets past
// their comparison.
void MendCosts(plan::Plan& plan, std::span<const uint8_t> constants);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PLAN_MUTATOR_H_

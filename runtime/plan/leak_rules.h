// SPDX-License-Identifier: Apache-2.0
// What P1 and P2 can see of leaks in a plan that somebody else wrote. Whether P0's half fits
// theirs, and whether P0's constants are where they should be, only verify-no-leak can tell.
#ifndef MPCC_RUNTIME_PLAN_LEAK_RULES_H_
#define MPCC_RUNTIME_PLAN_LEAK_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// It rounds at random, by coins that P1 knows in part.
bool RoundsAtRandom(const plan::Program& program, const plan::Step& step);

// OK, or INVALID_ARGUMENT with the step at fault. At P1 and P2: what is revealed depends on P1's
// input, else it is the model's own. At P1: what is revealed is an output and nothing else, outputs
// have names of their own, and all that may refuse an input comes before the first message, so that
// nobody sees a failure that depends on values. Steps that round at random are disclosed. REQUIRES:
// the steps are well formed (ValidateProgram).
absl::Status CheckLeakRules(const plan::Plan& plan, const plan::Program& program);

// All programs of a plan have the same outputs.
absl::Status CheckSameOutputs(const plan::Plan& plan);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_LEAK_RULES_H_

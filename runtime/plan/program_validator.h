// SPDX-License-Identifier: Apache-2.0
// The checks of one program; plan_validator.h lists them.
#ifndef MPCC_RUNTIME_PLAN_PROGRAM_VALIDATOR_H_
#define MPCC_RUNTIME_PLAN_PROGRAM_VALIDATOR_H_

#include "absl/status/status.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// REQUIRES: the plan's party, constants and shared constants are valid.
absl::Status ValidateProgram(const plan::Plan& plan, const plan::Program& program);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PROGRAM_VALIDATOR_H_

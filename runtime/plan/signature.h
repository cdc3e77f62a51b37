// SPDX-License-Identifier: Apache-2.0
// What a program of P1 is given and what it gives.
#ifndef MPCC_RUNTIME_PLAN_SIGNATURE_H_
#define MPCC_RUNTIME_PLAN_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/input_role.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

struct PlanInput {
  std::string name;
  InputRole role;
  int64_t pad;             // of roles that are padded with a number
  plan::ElementType type;  // F32 or I64
  std::vector<int64_t> shape;
};

struct PlanResult {
  std::string name;
  std::vector<int64_t> shape;

  int64_t values() const;  // numbers that P1 learns
};

// Of a valid program, in the order of its steps; none in programs of other parties.
std::vector<PlanInput> InputsOf(const plan::Program& program);
std::vector<PlanResult> ResultsOf(const plan::Program& program);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_SIGNATURE_H_

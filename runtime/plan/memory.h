// SPDX-License-Identifier: Apache-2.0
// What a party holds in memory, beside its plan and its weight shares, while it infers.
#ifndef MPCC_RUNTIME_PLAN_MEMORY_H_
#define MPCC_RUNTIME_PLAN_MEMORY_H_

#include <cstdint>

#include "runtime/plan/plan.pb.h"

namespace mpcc {

// In bytes.
struct PredictedMemory {
  uint64_t values = 0;    // wires of all programs
  uint64_t material = 0;  // pieces that wait at P2
  uint64_t other = 0;     // messages under way, scratch of a step, what a process has anyway

  uint64_t total() const { return values + material + other; }
};

// About the most that the party of a plan holds, if P2's window is not given: what a step needs
// beside its wires is taken to be an eighth of them. An inference of more material than the window
// waits for the rest while it runs. REQUIRES, here and below: a validated plan.
PredictedMemory PredictMemory(const plan::Plan& plan);

// How many pieces of material P2 holds at most, if that is not given: so many that 256 MB hold it
// and all else, and 16 MiB at least.
uint64_t MaterialWindow(const plan::Plan& plan);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_MEMORY_H_

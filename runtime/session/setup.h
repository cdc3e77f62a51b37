// SPDX-License-Identifier: Apache-2.0
// Set-up, once per model instance: P0 draws the seeds, gives each of P1 and P2 its own, and P2 its
// weight corrections.
#ifndef MPCC_RUNTIME_SESSION_SETUP_H_
#define MPCC_RUNTIME_SESSION_SETUP_H_

#include <memory>
#include <string>

#include "runtime/plan/plan_file.h"
#include "runtime/session/control.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

// How a party sets up. All three must call it together; each keeps its state in `directory`.
struct SetupOptions {
  std::shared_ptr<const LoadedPlan> plan;
  std::string directory;
  bool renew = false;  // P0: even if all parties hold the state of one instance
};

// P0. Keeps the instance when P1 and P2 have the same, otherwise makes a new one. Refuses with
// FAILED_PRECONDITION, and tells P1 and P2, when its state is of another plan and `renew` is not
// set: whoever compiled the model again decides when the old set-up ends.
absl::StatusOr<PartyState> SetUpModelOwner(const SetupOptions& options, Channel& p1, Channel& p2);
// P1 and P2.
absl::StatusOr<PartyState> SetUpEvaluator(const SetupOptions& options, Channel& p0);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_SETUP_H_

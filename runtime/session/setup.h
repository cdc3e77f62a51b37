// SPDX-License-Identifier: Apache-2.0
// Set-up, once per model instance: P0 draws the seeds, gives each of P1 and P2 its own, and P2 its
// weight corrections.
#ifndef MPCC_RUNTIME_SESSION_SETUP_H_
#define MPCC_RUNTIME_SESSION_SETUP_H_

#include "mpcc/model_owner.h"
#include "runtime/session/party.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

// All three parties call theirs together; each keeps its state in its directory.

// P0. Keeps the instance when P1 and P2 have the same and `mode` does not renew it, otherwise makes
// a new one. Refuses with FAILED_PRECONDITION, and tells P1 and P2, when its state is of another
// plan and is not renewed: whoever compiled the model again decides when the old set-up ends.
absl::StatusOr<PartyState> SetUpModelOwner(const Party& self, SetUpMode mode, Channel& p1,
                                           Channel& p2);
// P1 and P2.
absl::StatusOr<PartyState> SetUpEvaluator(const Party& self, Channel& p0);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_SETUP_H_

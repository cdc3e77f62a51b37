// SPDX-License-Identifier: Apache-2.0
// Set-up, once per model instance: P0 draws the seeds, gives each of P1 and P2 its own, and P2 its
// weight corrections.
#ifndef MPCC_RUNTIME_SESSION_SETUP_H_
#define MPCC_RUNTIME_SESSION_SETUP_H_

#include "mpcc/model_owner.h"
#include "runtime/session/holdings.h"
#include "runtime/session/party.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

// What it is in `Progress`.
inline constexpr char kSetUpWork[] = "set-up";

// All three parties call theirs together; each keeps its state in its directory,
// and a set-up that fails leaves what was there (holdings.h).

// A peer that was greeted.
struct Greeted {
  Channel& channel;
  Standing standing;
};

// P0, after the greetings. Keeps its instance when P1 and P2 hold it too and `mode` does not renew
// it, otherwise makes a new one. Refuses with FAILED_PRECONDITION or DATA_LOSS, and tells P1 and
// P2, when its state cannot serve and is not renewed: whoever compiled the model again, or brought
// back a backup, decides when the old set-up ends.
absl::StatusOr<PartyState> SetUpModelOwner(Party& self, SetUpMode mode, Holdings held,
                                           const Greeted& p1, const Greeted& p2);
// P1 and P2, whose peers are P0 and `other`; with the greetings.
absl::StatusOr<PartyState> GreetAndSetUp(Party& self, const char* purpose, Channel* p0,
                                         Channel* with_other, PartyId other);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_SETUP_H_

// SPDX-License-Identifier: Apache-2.0
// The set-ups that a party holds, and what a peer's handshake says of them.
//
// A set-up is made in three steps: P1 and P2 store theirs as the next one; P0 stores its own as the
// current one, and with that it is everybody's; P1 and P2 take theirs over when P0 says so. Whoever
// did not hear P0 takes it over when it meets somebody who works with it. So a set-up that fails
// leaves all three with the old one or all three with the new one.
#ifndef MPCC_RUNTIME_SESSION_HOLDINGS_H_
#define MPCC_RUNTIME_SESSION_HOLDINGS_H_

#include "absl/status/statusor.h"
#include "runtime/session/party.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

struct Holdings {
  // Each is there and can serve, or why not: NOT_FOUND when there is none.
  absl::StatusOr<PartyState> current, next;
  std::shared_ptr<UsedNumbers> numbers;  // of `current`
};

// Reads the state directory. A state whose record of numbers is missing cannot serve.
Holdings HoldingsOf(Party& self);

// FAILED_PRECONDITION, and how to get a set-up, when there is none to work with.
absl::Status CheckSetUp(Party& self);

// What a party tells a peer of what it holds.
Standing StandingTo(PartyId peer, const Party& self, const Holdings& held);

// Greets a peer and agrees with it on the set-up that both hold: what is next here is taken over if
// the peer works with it. FAILED_PRECONDITION when there is none (CheckSetUp), when the peer has
// another, or when a record is older than it can be (CheckRecords), of what is next too.
absl::StatusOr<PartyState> Meet(Party& self, Channel* channel, PartyId peer, const char* purpose);

// Numbers are dealt by P0, spent by P2 and then by P1: of `state`, which both hold, none of them
// can know a higher number than the one before. FAILED_PRECONDITION names the party whose record
// was brought back from a backup.
absl::Status CheckRecords(Party& self, const PartyState& state, PartyId peer,
                          const Standing& theirs);

// Whether a party holds it, or will when it hears that all do.
bool Holds(const Standing& standing, const PartyState& state);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_HOLDINGS_H_

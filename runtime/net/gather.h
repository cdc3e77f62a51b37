// SPDX-License-Identifier: Apache-2.0
// The end of connecting: nobody goes on before all parties have all their links.
#ifndef MPCC_RUNTIME_NET_GATHER_H_
#define MPCC_RUNTIME_NET_GATHER_H_

#include <stop_token>

#include "absl/status/status.h"
#include "mpcc/party.h"
#include "runtime/net/connect.h"

namespace mpcc {

// Tells every peer that this party has all its links, in a message of 8 bytes, and waits until all
// peers say so. UNAVAILABLE as soon as one goes away before, and at the deadline: then the caller
// closes all links, so that whoever relied on them sees it and nobody waits in a ring.
// FAILED_PRECONDITION: a peer says something else. CANCELLED when stopped.
absl::Status Gather(PartyId self, const Links& links, Deadline deadline,
                    const std::stop_token& stop);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_GATHER_H_

// SPDX-License-Identifier: Apache-2.0
// For tests and benchmarks: connected sockets and channels over the loopback, on ports that the
// system chooses, and one set of certificates a process.
#ifndef MPCC_RUNTIME_NET_TEST_PEERS_H_
#define MPCC_RUNTIME_NET_TEST_PEERS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "runtime/net/introduce.h"
#include "runtime/net/tls_context.h"

namespace mpcc {

struct SocketPair {
  UniqueFd connector, listener;
};
absl::StatusOr<SocketPair> MakeTcpPair();

// The context of a party; every party's certificate is of the same authority.
const TlsContext& TestTls(PartyId party);
// A party of another, unrelated authority.
const TlsContext& ForeignTls(PartyId party);

struct IntroducedPair {
  absl::StatusOr<IntroducedPeer> at_connector, at_listener;
};
// Introduces P2 (the connector, who expects P1) to P1 (the listener, who expects P2). Null
// contexts mean plain TCP.
IntroducedPair IntroducePair(const TlsContext* connector_tls, const TlsContext* listener_tls,
                             const WaitOptions& wait = {});

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TEST_PEERS_H_

// SPDX-License-Identifier: Apache-2.0
// From a fresh connection to a channel with a known party at the other end.
#ifndef MPCC_RUNTIME_NET_INTRODUCE_H_
#define MPCC_RUNTIME_NET_INTRODUCE_H_

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "mpcc/wait_options.h"
#include "runtime/net/stream_channel.h"
#include "runtime/net/tls_context.h"
#include "runtime/net/tls_stream.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

struct Introduction {
  PartyId self;
  const TlsContext* tls = nullptr;  // null: plain bytes, for tests and trusted machines only
  WaitOptions wait{};               // of the channel
  std::chrono::milliseconds timeout{10'000};  // for the whole introduction
};

struct IntroducedPeer {
  PartyId party;
  std::unique_ptr<StreamChannel> channel;
};

// Takes over a connected socket: TLS if asked for, then both ends send a message of 8 bytes, the
// letters "mpcc", their role, and three zeros. Under TLS the role must be the one that the peer's
// certificate names. UNAUTHENTICATED unless the peer is one of `expected`; other errors as of
// StartTls and Channel.
absl::StatusOr<IntroducedPeer> Introduce(UniqueFd socket, Side side,
                                         std::span<const PartyId> expected,
                                         const Introduction& introduction);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_INTRODUCE_H_

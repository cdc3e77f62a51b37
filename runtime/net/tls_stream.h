// SPDX-License-Identifier: Apache-2.0
// Bytes over TLS 1.3, driven on a socket that does not wait.
#ifndef MPCC_RUNTIME_NET_TLS_STREAM_H_
#define MPCC_RUNTIME_NET_TLS_STREAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "mpcc/wait_options.h"
#include "runtime/net/byte_stream.h"
#include "runtime/net/tls_context.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// The end of a connection that asked for it speaks first.
enum class Side { kConnector, kListener };

struct TlsPeer {
  std::unique_ptr<ByteStream> stream;
  PartyId party;  // as its certificate says
};

// Runs the TLS handshake over a connected, prepared socket, for at most wait.peer_timeout.
// `address` is for messages. UNAUTHENTICATED: its certificate or ours was refused.
// FAILED_PRECONDITION: it does not speak TLS 1.3. UNAVAILABLE: it went away.
absl::StatusOr<TlsPeer> StartTls(UniqueFd fd, Side side, const TlsContext& context,
                                 const std::string& address, const WaitOptions& wait);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TLS_STREAM_H_

// SPDX-License-Identifier: Apache-2.0
// Channels over sockets.
#ifndef MPCC_RUNTIME_NET_STREAM_CHANNEL_H_
#define MPCC_RUNTIME_NET_STREAM_CHANNEL_H_

#include <memory>
#include <string>

#include "mpcc/channel.h"
#include "mpcc/wait_options.h"
#include "runtime/net/byte_stream.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// Plain bytes over a connected, prepared socket (see PrepareSocket).
std::unique_ptr<ByteStream> MakeTcpStream(UniqueFd fd);

// Frames over any stream. The first message that comes is the handshake's (handshake.h): the peer
// may not keep the connection alive before it, and has wait.peer_timeout for all of it.
std::unique_ptr<Channel> MakeStreamChannel(std::string peer, std::unique_ptr<ByteStream> stream,
                                           const WaitOptions& wait);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_STREAM_CHANNEL_H_

// SPDX-License-Identifier: Apache-2.0
// Channels over sockets.
#ifndef MPCC_RUNTIME_NET_STREAM_CHANNEL_H_
#define MPCC_RUNTIME_NET_STREAM_CHANNEL_H_

#include <memory>
#include <string>
#include <utility>

#include "mpcc/channel.h"
#include "mpcc/wait_options.h"
#include "runtime/net/byte_stream.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// Plain bytes over a connected, prepared socket (see PrepareSocket).
std::unique_ptr<ByteStream> MakeTcpStream(UniqueFd fd);

// Frames over any stream. The first message that comes is the handshake's (handshake.h): the peer
// may not keep the connection alive before it, and has wait.peer_timeout for all of it.
class StreamChannel : public Channel {
 public:
  StreamChannel(std::string peer, std::unique_ptr<ByteStream> stream, const WaitOptions& wait)
      : Channel(std::move(peer)), stream_(std::move(stream)), wait_(wait) {}

  // For what comes before the first message.
  ByteStream& stream() { return *stream_; }

 protected:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override;
  absl::Status SendKeepAlive() override;

 private:
  std::unique_ptr<ByteStream> stream_;
  WaitOptions wait_;
  bool heard_ = false;  // a message was waited for
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_STREAM_CHANNEL_H_

// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/stream_channel.h"

#include <utility>

#include "runtime/net/frame.h"
#include "runtime/net/socket_io.h"

namespace mpcc {
namespace {

class TcpStream : public ByteStream {
 public:
  explicit TcpStream(UniqueFd fd) : fd_(std::move(fd)) {}

  IoResult TryWrite(std::span<const uint8_t> head, std::span<const uint8_t> body) override {
    return SocketWrite(fd_.get(), head, body);
  }
  IoResult TryRead(std::span<uint8_t> head, std::span<uint8_t> body) override {
    return SocketRead(fd_.get(), head, body);
  }
  bool Ended() override { return SocketEnded(fd_.get()); }
  int fd() const override { return fd_.get(); }

 private:
  UniqueFd fd_;
};

}  // namespace

std::unique_ptr<ByteStream> MakeTcpStream(UniqueFd fd) {
  return std::make_unique<TcpStream>(std::move(fd));
}

absl::Status StreamChannel::Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) {
  const Manners manners = recv.empty() || heard_ ? Manners::kPeer : Manners::kStranger;
  heard_ |= !recv.empty();
  return TransferFrames({*stream_, peer(), wait_, manners}, send, recv);
}

absl::Status StreamChannel::SendKeepAlive() { return SendEmptyFrame({*stream_, peer(), wait_}); }

}  // namespace mpcc

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
  int fd() const override { return fd_.get(); }

 private:
  UniqueFd fd_;
};

class StreamChannel : public Channel {
 public:
  StreamChannel(std::string peer, std::unique_ptr<ByteStream> stream, const WaitOptions& wait)
      : Channel(std::move(peer)), stream_(std::move(stream)), wait_(wait) {}

 protected:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    const Manners manners = recv.empty() || heard_ ? Manners::kPeer : Manners::kStranger;
    heard_ |= !recv.empty();
    return TransferFrames(*stream_, peer(), send, recv, wait_, manners);
  }
  absl::Status SendKeepAlive() override { return SendEmptyFrame(*stream_, peer(), wait_); }

 private:
  std::unique_ptr<ByteStream> stream_;
  WaitOptions wait_;
  bool heard_ = false;  // a message was waited for
};

}  // namespace

std::unique_ptr<ByteStream> MakeTcpStream(UniqueFd fd) {
  return std::make_unique<TcpStream>(std::move(fd));
}

std::unique_ptr<Channel> MakeStreamChannel(std::string peer, std::unique_ptr<ByteStream> stream,
                                           const WaitOptions& wait) {
  return std::make_unique<StreamChannel>(std::move(peer), std::move(stream), wait);
}

}  // namespace mpcc

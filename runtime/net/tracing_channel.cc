// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/tracing_channel.h"

#include <array>
#include <utility>

#include "runtime/base/status_macros.h"
#include "runtime/net/wrapping_channel.h"

namespace mpcc {
namespace {

class TracingChannel : public WrappingChannel {
 public:
  TracingChannel(std::unique_ptr<Channel> inner, TraceSink sink)
      : WrappingChannel(std::move(inner)), sink_(std::move(sink)) {}

 protected:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    MPCC_RETURN_IF_ERROR(inner().Exchange(send, recv));
    if (!send.empty()) sink_(Direction::kSent, send);
    if (!recv.empty()) sink_(Direction::kReceived, recv);
    return absl::OkStatus();
  }

 private:
  TraceSink sink_;
};

}  // namespace

std::unique_ptr<Channel> MakeTracingChannel(std::unique_ptr<Channel> inner, TraceSink sink) {
  return std::make_unique<TracingChannel>(std::move(inner), std::move(sink));
}

TraceSink TranscriptHash::Sink() {
  return [this](Direction direction, std::span<const uint8_t> message) {
    Sha256& hash = direction == Direction::kSent ? sent_ : received_;
    std::array<uint8_t, 8> length;
    for (size_t i = 0; i < length.size(); ++i) length[i] = uint8_t(message.size() >> (8 * i));
    hash.Update(length);
    hash.Update(message);
  };
}

Sha256Digest TranscriptHash::Take(Direction direction) {
  return (direction == Direction::kSent ? sent_ : received_).Finish();
}

}  // namespace mpcc

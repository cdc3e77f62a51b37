// SPDX-License-Identifier: Apache-2.0
// For tests: a channel that breaks.
#ifndef MPCC_RUNTIME_SESSION_MORTAL_CHANNEL_H_
#define MPCC_RUNTIME_SESSION_MORTAL_CHANNEL_H_

#include <memory>
#include <utility>

#include "mpcc/channel.h"

namespace mpcc::session {

inline constexpr int kImmortal = 1 << 30;

// Breaks when it should carry message `lives`.
class MortalChannel : public Channel {
 public:
  MortalChannel(std::unique_ptr<Channel> channel, int lives)
      : Channel(channel->peer()), channel_(std::move(channel)), lives_(lives) {}

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    if (lives_-- <= 0) channel_ = nullptr;
    if (!channel_) return absl::UnavailableError("it was killed");
    return channel_->Exchange(send, recv);
  }
  absl::Status SendKeepAlive() override {
    return channel_ ? channel_->KeepAlive() : absl::UnavailableError("it was killed");
  }

  std::unique_ptr<Channel> channel_;
  int lives_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_MORTAL_CHANNEL_H_

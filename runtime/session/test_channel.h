// SPDX-License-Identifier: Apache-2.0
// For tests: a channel that breaks.
#ifndef MPCC_RUNTIME_SESSION_TEST_CHANNEL_H_
#define MPCC_RUNTIME_SESSION_TEST_CHANNEL_H_

#include <memory>
#include <utility>

#include "runtime/net/wrapping_channel.h"

namespace mpcc::session {

inline constexpr int kImmortal = 1 << 30;

// Breaks when it should carry message `lives`.
class MortalChannel : public WrappingChannel {
 public:
  MortalChannel(std::unique_ptr<Channel> channel, int lives)
      : WrappingChannel(std::move(channel)), lives_(lives) {}

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    if (lives_-- > 0) return inner().Exchange(send, recv);
    CloseInner();
    return absl::UnavailableError("it was killed");
  }

  int lives_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_TEST_CHANNEL_H_

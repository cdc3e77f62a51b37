// SPDX-License-Identifier: Apache-2.0
#include "mpcc/channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mpcc {

ChannelStats ChannelStats::operator-(const ChannelStats& earlier) const {
  return {messages_sent - earlier.messages_sent, bytes_sent - earlier.bytes_sent,
          messages_received - earlier.messages_received, bytes_received - earlier.bytes_received};
}

absl::Status Channel::KeepAlive() {
  if (failure_.ok()) failure_ = SendKeepAlive();
  return failure_;
}

absl::Status Channel::Exchange(std::span<const uint8_t> send, std::span<uint8_t> recv) {
  if (!failure_.ok()) return failure_;
  if (std::max(send.size(), recv.size()) > kMaxMessageBytes) {
    return absl::InvalidArgumentError(
        fmt::format("a message of {} bytes to or from {} is too long: send at most {} at a time",
                    std::max(send.size(), recv.size()), peer_, kMaxMessageBytes));
  }
  const auto start = std::chrono::steady_clock::now();
  if (absl::Status status = Transfer(send, recv); !status.ok()) return failure_ = status;
  seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  stats_.messages_sent += send.empty() ? 0 : 1;
  stats_.bytes_sent += send.size();
  stats_.messages_received += recv.empty() ? 0 : 1;
  stats_.bytes_received += recv.size();
  return absl::OkStatus();
}

absl::Status WrongLengthError(const std::string& peer, uint64_t got, uint64_t wanted) {
  return absl::DataLossError(fmt::format(
      "{} sent a message of {} bytes where the plan has one of {}: run every party with "
      "the plans of one compilation and the same version of mpcc",
      peer, got, wanted));
}

}  // namespace mpcc

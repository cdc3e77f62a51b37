// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/waiter.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <limits>

namespace mpcc {

bool Waiter::Wait(short events) {
  const auto now = Clock::now();
  if (!waiting_) {
    waiting_ = true;
    since_ = now;
  }
  if (now - since_ < options_.spin) {
    sched_yield();  // where processors are scarce the peer may be waiting for this one
    return true;
  }
  const auto start = patience_ == Patience::kWhole ? begin_ : since_;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(start + options_.peer_timeout - now);
  if (left.count() <= 0) return false;
  pollfd poll_fd{fd_, events, 0};
  constexpr std::chrono::milliseconds::rep kMost = std::numeric_limits<int>::max();
  poll(&poll_fd, 1, static_cast<int>(std::min(left.count(), kMost)));
  // A time-out shows as one more vain attempt; an interrupted call waits again.
  return true;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/waiter.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <limits>

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;

// A yield that takes longer gave the processor to somebody.
constexpr std::chrono::microseconds kOthersRan{20};
// So often the thread then sleeps without spinning.
constexpr int kSleepsThen = 100;

thread_local int sleeps_left = 0;

// Where processors are scarce the peer may be waiting for this one.
void Yield(Clock::time_point now) {
  sched_yield();
  if (Clock::now() - now > kOthersRan) sleeps_left = kSleepsThen;
}

}  // namespace

bool Waiter::Wait(short events) {
  const auto now = Clock::now();
  if (!waiting_) {
    waiting_ = true;
    since_ = now;
  }
  if (sleeps_left == 0 && now - since_ < options_.spin) {
    Yield(now);
    return true;
  }
  if (sleeps_left > 0) --sleeps_left;
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

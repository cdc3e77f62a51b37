// SPDX-License-Identifier: Apache-2.0
// Spin, then sleep: how one thread waits for a socket. Spinning gives the processor to whoever
// wants it. Where somebody does, that costs a slice of time, which sleeping does not: a thread that
// sleeps is woken at once. So a thread that had to wait for the processor sleeps at once for a
// while.
#ifndef MPCC_RUNTIME_NET_WAITER_H_
#define MPCC_RUNTIME_NET_WAITER_H_

#include <algorithm>
#include <chrono>

#include "mpcc/wait_options.h"

namespace mpcc {

// Clocks cannot be asked for a time much later: longer waits are as long as this.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24 * 3650);

// What WaitOptions::peer_timeout limits: a peer's silence, or all that is waited for together, from
// the start on, for peers that nobody knows yet.
enum class Patience { kSilence, kWhole };

class Waiter {
 public:
  Waiter(int fd, const WaitOptions& options, Patience patience = Patience::kSilence)
      : fd_(fd), options_(options), patience_(patience), begin_(Clock::now()), since_(begin_) {
    options_.peer_timeout = std::min(options.peer_timeout, kLongestWait);
    options_.spin = std::min<std::chrono::microseconds>(options.spin, kLongestWait);
  }

  // Bytes moved: the next wait spins again.
  void Progress() { waiting_ = false; }

  // Returns true when it is worth trying again: at once while spinning, later when poll() reports
  // one of `events` or trouble. False when options.peer_timeout is over.
  bool Wait(short events);

  // Whether the time for all together is over, for callers that never wait.
  bool over() const {
    return patience_ == Patience::kWhole && Clock::now() - begin_ >= options_.peer_timeout;
  }

 private:
  using Clock = std::chrono::steady_clock;

  int fd_;
  WaitOptions options_;
  Patience patience_;
  bool waiting_ = false;
  Clock::time_point begin_, since_;  // of all, of this wait
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_WAITER_H_

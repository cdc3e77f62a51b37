// SPDX-License-Identifier: Apache-2.0
// Spin, then sleep: how one thread waits for a socket.
#ifndef MPCC_RUNTIME_NET_WAITER_H_
#define MPCC_RUNTIME_NET_WAITER_H_

#include <algorithm>
#include <chrono>

#include "mpcc/wait_options.h"

namespace mpcc {

// Clocks cannot be asked for a time much later: longer waits are as long as this.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24 * 3650);

class Waiter {
 public:
  Waiter(int fd, const WaitOptions& options) : fd_(fd), options_(options) {
    options_.peer_timeout = std::min(options.peer_timeout, kLongestWait);
    options_.spin = std::min<std::chrono::microseconds>(options.spin, kLongestWait);
  }

  // Bytes moved: the next wait spins again.
  void Progress() { waiting_ = false; }

  // Returns true when it is worth trying again: at once while spinning, later when poll() reports
  // one of `events` or trouble. False when no Progress came for options.peer_timeout.
  bool Wait(short events);

 private:
  int fd_;
  WaitOptions options_;
  bool waiting_ = false;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_WAITER_H_

// SPDX-License-Identifier: Apache-2.0
// Spin, then sleep: how one thread waits for a socket.
#ifndef MPCC_RUNTIME_NET_WAITER_H_
#define MPCC_RUNTIME_NET_WAITER_H_

#include <chrono>

#include "mpcc/wait_options.h"

namespace mpcc {

class Waiter {
 public:
  Waiter(int fd, const WaitOptions& options) : fd_(fd), options_(options) {}

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

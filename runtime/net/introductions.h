// SPDX-License-Identifier: Apache-2.0
// Introductions of whoever connects to a listener, side by side.
#ifndef MPCC_RUNTIME_NET_INTRODUCTIONS_H_
#define MPCC_RUNTIME_NET_INTRODUCTIONS_H_

#include <functional>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "runtime/net/connect.h"
#include "runtime/net/introduce.h"

namespace mpcc {

// Each has a thread and a deadline of its own, so that nobody who says nothing holds up another.
class Introductions {
 public:
  // Who is found goes into `channels`.
  Introductions(std::vector<PartyId> missing, const ConnectOptions& options, Channels& channels);
  ~Introductions();  // breaks off what is under way

  // A stop is requested when nobody is missing any more, or by the options' stop.
  std::stop_token done() const { return done_.get_token(); }

  // A connection; for no longer than until the deadline.
  void Begin(UniqueFd socket, Deadline deadline);

  // Breaks off what is under way; who is missing.
  std::vector<PartyId> End();
  // Why the last one was turned away, empty if nobody was. REQUIRES: after End.
  const std::string& last_stranger() const { return last_stranger_; }

 private:
  using Socket = std::list<UniqueFd>::iterator;

  void Run(UniqueFd socket, Socket same, std::vector<PartyId> expected, Deadline deadline);
  void TurnAway(const std::string& why);

  const ConnectOptions& options_;
  Channels& channels_;
  std::stop_source done_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::mutex mutex_;
  std::vector<PartyId> missing_;
  std::string last_stranger_;
  std::list<UniqueFd> sockets_;  // of those under way, by which they can be broken off
  std::list<std::jthread> threads_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_INTRODUCTIONS_H_

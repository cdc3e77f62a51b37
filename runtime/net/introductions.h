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
  // Who is found goes into `links`.
  Introductions(std::vector<PartyId> missing, const ConnectOptions& options, Links& links);
  ~Introductions();  // breaks off what is under way

  // A stop is requested when nobody is missing any more, or by the options' stop.
  std::stop_token done() const { return done_.get_token(); }

  // A connection; for no longer than until the deadline. Those that are over are let go.
  void Begin(UniqueFd socket, Deadline deadline);

  // How many connections are held: under way, or over since the last Begin.
  size_t held() const;

  // Whether somebody who was found is gone again.
  bool Lost() const;

  // Breaks off what is under way; who is missing.
  std::vector<PartyId> End();
  // Why the last one was turned away, empty if nobody was. REQUIRES: after End.
  const std::string& last_stranger() const { return last_stranger_; }

 private:
  struct Caller {
    UniqueFd socket;  // the same, by which it can be broken off
    bool over = false;
    std::jthread thread{};
  };

  void Run(UniqueFd socket, Caller& caller, std::vector<PartyId> expected, Deadline deadline);
  void TurnAway(const std::string& why);

  const ConnectOptions& options_;
  Links& links_;
  std::stop_source done_;
  std::stop_callback<std::function<void()>> on_stop_;
  mutable std::mutex mutex_;  // of what follows, and of links_
  std::vector<PartyId> missing_;
  std::string last_stranger_;
  std::list<Caller> callers_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_INTRODUCTIONS_H_

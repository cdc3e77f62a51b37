// SPDX-License-Identifier: Apache-2.0
// TCP connections as sockets: listening, accepting and connecting within a time.
#ifndef MPCC_RUNTIME_NET_LISTENER_H_
#define MPCC_RUNTIME_NET_LISTENER_H_

#include <chrono>
#include <memory>
#include <stop_token>

#include "absl/status/statusor.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

using Deadline = std::chrono::steady_clock::time_point;

// A bound, listening socket. From Bind on, connections are taken by the system and wait for Accept.
class Listener {
 public:
  // UNAVAILABLE when the host is not this machine's or the port is taken.
  static absl::StatusOr<Listener> Bind(const Endpoint& endpoint);
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();

  // The next connection; DEADLINE_EXCEEDED when none comes in time, CANCELLED when stopped.
  absl::StatusOr<UniqueFd> Accept(Deadline deadline, const std::stop_token& stop = {});

  // With the port the system chose.
  const Endpoint& endpoint() const;

 private:
  struct State;  // keeps Asio out of this header
  explicit Listener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Connects, and tries again while nobody listens there yet, or the host has no address yet.
// UNAVAILABLE at the deadline, with the last reason; CANCELLED when stopped.
absl::StatusOr<UniqueFd> ConnectTcp(const Endpoint& endpoint, Deadline deadline,
                                    const std::stop_token& stop = {});

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_LISTENER_H_

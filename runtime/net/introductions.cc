// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/introductions.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "runtime/net/socket_io.h"

namespace mpcc {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMostPerStranger{10'000};
// More wait in the system's queue; each of these has a thread.
constexpr size_t kMostAtOnce = 64;

}  // namespace

Introductions::Introductions(std::vector<PartyId> missing, const ConnectOptions& options,
                             Links& links)
    : options_(options),
      links_(links),
      on_stop_(options.stop, [this] { done_.request_stop(); }),
      missing_(std::move(missing)) {}

Introductions::~Introductions() { End(); }

void Introductions::Begin(UniqueFd socket, Deadline deadline) {
  const std::lock_guard lock(mutex_);
  if (missing_.empty()) return;
  // Whoever is over needs the lock no more, so that its thread can be waited for.
  std::erase_if(callers_, [](const Caller& caller) { return caller.over; });
  if (callers_.size() == kMostAtOnce) return TurnAway("too many connect and say nothing");
  Caller& caller = callers_.emplace_back(Caller{UniqueFd(fcntl(socket.get(), F_DUPFD_CLOEXEC, 0))});
  caller.thread = std::jthread(
      [this, deadline, &caller, expected = missing_, held = std::move(socket)]() mutable {
        Run(std::move(held), caller, std::move(expected), deadline);
      });
}

size_t Introductions::held() const {
  const std::lock_guard lock(mutex_);
  return callers_.size();
}

void Introductions::Run(UniqueFd socket, Caller& caller, std::vector<PartyId> expected,
                        Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  const Introduction introduction{options_.self, options_.tls, options_.wait,
                                  std::clamp(left, milliseconds(1), kMostPerStranger)};
  auto introduced = Introduce(std::move(socket), Side::kListener, expected, introduction);
  const std::lock_guard lock(mutex_);
  caller.socket = UniqueFd();
  caller.over = true;
  if (!introduced.ok()) return TurnAway(std::string(introduced.status().message()));
  if (std::erase(missing_, introduced->party) == 0)
    return TurnAway(introduced->channel->peer() + " is connected already");
  links_[PartyIndex(introduced->party)] = std::move(introduced->channel);
  if (missing_.empty()) done_.request_stop();
}

// REQUIRES: the lock is held.
void Introductions::TurnAway(const std::string& why) {
  if (done_.stop_requested()) return;  // what was broken off is no stranger
  last_stranger_ = why;
  if (options_.log) options_.log(LogLevel::kWarning, "turned a connection away: " + why);
}

bool Introductions::Lost() const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(
      links_, [](const auto& link) { return link && SocketClosed(link->stream().fd()); });
}

std::vector<PartyId> Introductions::End() {
  done_.request_stop();
  {
    const std::lock_guard lock(mutex_);
    for (const Caller& caller : callers_)
      if (!caller.over) shutdown(caller.socket.get(), SHUT_RDWR);
  }
  callers_.clear();
  return missing_;
}

}  // namespace mpcc

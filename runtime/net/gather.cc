// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/gather.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "runtime/base/status_macros.h"
#include "runtime/net/frame.h"

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;

// How often to look whether somebody is gone, while others are waited for.
constexpr int kLookMs = 20;
constexpr size_t kHeaderBytes = 4;

using Word = std::array<uint8_t, 8>;

Word AllThere(PartyId self) { return {'m', 'p', 'c', 'c', static_cast<uint8_t>(self), 1, 0, 0}; }

// What a peer said so far.
class Hearing {
 public:
  Hearing(PartyId peer, StreamChannel& link) : link_(link) {
    const Word word = AllThere(peer);
    wanted_[0] = word.size();
    std::ranges::copy(word, wanted_.begin() + kHeaderBytes);
  }

  bool done() const { return bytes_ == said_.size(); }
  int fd() const { return link_.stream().fd(); }
  const std::string& peer() const { return link_.peer(); }

  // All that can be read now. UNAVAILABLE when the peer is gone.
  absl::Status Listen() {
    while (!done()) {
      const IoResult read = link_.stream().TryRead(std::span(said_).subspan(bytes_), {});
      if (!read.status.ok()) return Gone(std::string(read.status.message()));
      if (read.bytes == 0) return absl::OkStatus();
      bytes_ += read.bytes;
      if (!std::equal(said_.begin(), said_.begin() + bytes_, wanted_.begin()))
        return absl::FailedPreconditionError(fmt::format(
            "{} does not say that it is ready: run the same version of mpcc everywhere", peer()));
    }
    return absl::OkStatus();
  }

  absl::Status StillThere() {
    return link_.stream().Ended() ? Gone("closed the connection") : absl::OkStatus();
  }

 private:
  absl::Status Gone(const std::string& how) const {
    return absl::UnavailableError(
        fmt::format("{} {} before all parties were there: see its log", peer(), how));
  }

  StreamChannel& link_;
  std::array<uint8_t, kHeaderBytes + sizeof(Word)> wanted_{}, said_{};
  size_t bytes_ = 0;
};

absl::Status StillWaits(const std::vector<Hearing>& hearings) {
  std::string names;
  for (const Hearing& one : hearings)
    if (!one.done()) names += fmt::format("{}{}", names.empty() ? "" : " and ", one.peer());
  return absl::UnavailableError(fmt::format(
      "{} still waits for others: are all parties started with the same command?", names));
}

// Until something comes, or it is time to look again.
void Pause(const std::vector<Hearing>& hearings) {
  std::vector<pollfd> waiting;
  for (const Hearing& one : hearings)
    if (!one.done()) waiting.push_back({one.fd(), POLLIN, 0});
  poll(waiting.data(), waiting.size(), kLookMs);
}

}  // namespace

absl::Status Gather(PartyId self, const Links& links, Deadline deadline,
                    const std::stop_token& stop) {
  std::vector<Hearing> hearings;
  for (PartyId peer : kAllParties)
    if (links[PartyIndex(peer)]) hearings.emplace_back(peer, *links[PartyIndex(peer)]);
  const Word word = AllThere(self);
  for (const auto& link : links) {
    if (!link) continue;
    MPCC_RETURN_IF_ERROR(TransferFrames({link->stream(), link->peer(), WaitOptions{}}, word, {}));
  }
  while (true) {
    for (Hearing& one : hearings) MPCC_RETURN_IF_ERROR(one.Listen());
    if (std::ranges::all_of(hearings, &Hearing::done)) return absl::OkStatus();
    for (Hearing& one : hearings) MPCC_RETURN_IF_ERROR(one.StillThere());
    if (stop.stop_requested()) return absl::CancelledError("it was stopped");
    if (Clock::now() >= deadline) return StillWaits(hearings);
    Pause(hearings);
  }
}

}  // namespace mpcc

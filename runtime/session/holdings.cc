// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/holdings.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/status_macros.h"

namespace mpcc::session {
namespace {

// By number of a party: how early it hears of a number.
constexpr int kRank[] = {2, 0, 1};

Standing::Instance IdOf(const absl::StatusOr<PartyState>& state) {
  return state.ok() ? state->instance.instance : Standing::Instance{};
}

// The highest number of an instance that this party knows of, to be compared with the peer's.
uint64_t WatermarkFor(PartyId peer, const Party& self, const InstanceId& instance,
                      const UsedNumbers& numbers) {
  if (self.self() != PartyId::kP2 || peer != PartyId::kP0) return numbers.watermark();
  // What P0 dealt and nobody has used yet, P0 knows of too.
  return std::max(numbers.watermark(), HighestStored(self.directory(), instance));
}

bool Same(const Standing::Instance& id, const absl::StatusOr<PartyState>& state) {
  return state.ok() && id == state->instance.instance;
}

absl::Status Check(const Holdings& held, const std::string& directory) {
  if (held.current.ok() || held.next.ok()) return absl::OkStatus();
  if (!absl::IsNotFound(held.current.status())) return held.current.status();
  return absl::FailedPreconditionError(
      fmt::format("{}: not set up yet: run `setup` at all three parties first", directory));
}

}  // namespace

Holdings HoldingsOf(Party& self) {
  Holdings held{LoadState(self.directory(), self.plan()),
                LoadState(self.directory(), self.plan(), StateFile::kNext), nullptr};
  self.WarnOfUnlockedSeeds();
  if (!held.current.ok()) return held;
  auto numbers = self.Numbers(held.current->instance);
  if (numbers.ok())
    held.numbers = *std::move(numbers);
  else
    held.current = numbers.status();
  return held;
}

absl::Status CheckSetUp(Party& self) { return Check(HoldingsOf(self), self.directory()); }

Standing StandingTo(PartyId peer, const Party& self, const Holdings& held) {
  Standing standing{IdOf(held.current), IdOf(held.next), 0};
  if (!held.numbers) return standing;
  standing.watermark = WatermarkFor(peer, self, held.current->instance, *held.numbers);
  return standing;
}

absl::Status CheckRecords(Party& self, const PartyState& state, PartyId peer,
                          const Standing& theirs) {
  if (theirs.current != state.instance.instance) return absl::OkStatus();  // its record is new
  MPCC_ASSIGN_OR_RETURN(const auto numbers, self.Numbers(state.instance));
  const uint64_t own = WatermarkFor(peer, self, state.instance, *numbers);
  const bool first = kRank[PartyIndex(self.self())] > kRank[PartyIndex(peer)];
  if (first ? own >= theirs.watermark : own <= theirs.watermark) return absl::OkStatus();
  const char* const old = PartyName(first ? self.self() : peer);
  const char* const other = PartyName(first ? peer : self.self());
  return absl::FailedPreconditionError(fmt::format(
      "the record of {} ends with number {}, that of {} with {}: the state of {} was brought back "
      "from a backup, and masks might serve twice: set up again with `setup --renew` at P0 and "
      "`setup` at P1 and P2",
      old, std::min(own, theirs.watermark), other, std::max(own, theirs.watermark), old));
}

absl::StatusOr<PartyState> Meet(Party& self, Channel* channel, PartyId peer, const char* purpose) {
  Holdings held = HoldingsOf(self);
  MPCC_RETURN_IF_ERROR(Check(held, self.directory()));
  MPCC_ASSIGN_OR_RETURN(const Standing theirs,
                        self.Greet(channel, peer, purpose, StandingTo(peer, self, held)));
  if (Same(theirs.current, held.next)) {
    if (const auto status = CheckRecords(self, *held.next, peer, theirs); !status.ok()) {
      SendFailure(*channel, status);  // it cannot see it: it knows no number of this party's
      return status;
    }
    MPCC_RETURN_IF_ERROR(TakeOverNext(self.directory(), self.self(), held.next->instance));
    return std::move(held.next);
  }
  if (!held.current.ok() || !Holds(theirs, *held.current))
    return absl::FailedPreconditionError(
        fmt::format("{} has another set-up than this party: run `setup` at all three parties",
                    channel->peer()));
  MPCC_RETURN_IF_ERROR(CheckRecords(self, *held.current, peer, theirs));
  return std::move(held.current);
}

bool Holds(const Standing& standing, const PartyState& state) {
  return standing.current == state.instance.instance || standing.next == state.instance.instance;
}

}  // namespace mpcc::session

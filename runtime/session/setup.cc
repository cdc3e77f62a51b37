// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/random.h"
#include "runtime/engine/weights.h"
#include "runtime/session/control.h"

namespace mpcc::session {
namespace {

constexpr size_t kInstanceBytes = 16;

// A state of this plan, without instance and seeds.
PartyState EmptyState(const LoadedPlan& plan) {
  PartyState state;
  state.self = static_cast<PartyId>(plan.plan().party());
  std::memcpy(state.instance.plan_set_id.data(), plan.set_id().data(), kPlanSetIdBytes);
  state.plan_hash = plan.hash();
  return state;
}

absl::StatusOr<PartyState> NewState(const LoadedPlan& plan) {
  PartyState state = EmptyState(plan);
  MPCC_RETURN_IF_ERROR(FillRandom(state.instance.instance));
  MPCC_ASSIGN_OR_RETURN(state.seed01, RandomSecret(kSeedBytes));
  MPCC_ASSIGN_OR_RETURN(state.seed02, RandomSecret(kSeedBytes));
  return state;
}

// The instance and one seed.
absl::Status SendSeed(Channel& peer, const PartyState& state, const SecureBuffer& seed) {
  MPCC_RETURN_IF_ERROR(SendControl(peer, {.kind = ControlKind::kSetUp}));
  SecureBuffer message = SecureBuffer::Locked(kInstanceBytes + kSeedBytes);
  std::memcpy(message.data(), state.instance.instance.data(), kInstanceBytes);
  std::memcpy(message.data() + kInstanceBytes, seed.data(), kSeedBytes);
  return peer.Send(message.span());
}

// Says how many bytes of the weight corrections P2 has.
void TellWeights(const Party& self, uint64_t done) {
  if (self.progress())
    self.progress()({.what = kSetUpWork,
                     .unit = "bytes",
                     .done = done,
                     .all = engine::SetupBytes(self.plan().plan())});
}

// Pieces for P2, which P1 waits for.
class PiecesWaitedFor : public ChannelPieces {
 public:
  PiecesWaitedFor(Channel& p2, Channel& p1, const Party& self)
      : ChannelPieces(p2), p1_(p1), self_(self) {}
  absl::Status Put(std::span<const uint8_t> piece) override {
    MPCC_RETURN_IF_ERROR(p1_.KeepAlive());
    MPCC_RETURN_IF_ERROR(ChannelPieces::Put(piece));
    TellWeights(self_, sent_ += piece.size());
    return absl::OkStatus();
  }

 private:
  Channel& p1_;
  const Party& self_;
  uint64_t sent_ = 0;
};

absl::Status SendWeights(Channel& p1, Channel& p2, const PartyState& state, const Party& self) {
  MPCC_ASSIGN_OR_RETURN(Prg k01, state.SetupKey01());
  PiecesWaitedFor pieces(p2, p1, self);
  return engine::DealWeights(self.plan(), k01, pieces);
}

// P1 and P2 need not hear where P0 keeps its state.
void RefuseState(Channel& p1, Channel& p2) {
  const auto reason = absl::FailedPreconditionError(
      "its state is of another plan, damaged or without its record of numbers: run `setup --renew` "
      "at P0 and `setup` at P1 and P2");
  SendFailure(p1, reason);
  SendFailure(p2, reason);
}

// P1 and P2 hear that all parties hold P0's instance, and say that they work with it.
absl::Status Confirm(Channel& p1, Channel& p2) {
  MPCC_RETURN_IF_ERROR(SendControl(p1, {.kind = ControlKind::kKeep}));
  MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kKeep}));
  MPCC_RETURN_IF_ERROR(ReceiveControl(p1, ControlKind::kDone).status());
  return ReceiveControl(p2, ControlKind::kDone).status();
}

// The record of a new instance's numbers is there before a state that needs it.
absl::Status Store(const Party& self, const PartyState& state, StateFile file) {
  MPCC_RETURN_IF_ERROR(UsedNumbers::Create(
      NumbersPath(self.directory(), self.self(), state.instance), state.instance));
  return SaveState(self.directory(), state, file);
}

absl::StatusOr<PartyState> Renew(const Party& self, Channel& p1, Channel& p2) {
  MPCC_ASSIGN_OR_RETURN(PartyState state, NewState(self.plan()));
  MPCC_RETURN_IF_ERROR(SendSeed(p1, state, state.seed01));
  MPCC_RETURN_IF_ERROR(SendSeed(p2, state, state.seed02));
  MPCC_RETURN_IF_ERROR(SendWeights(p1, p2, state, self));
  MPCC_RETURN_IF_ERROR(ReceiveControl(p1, ControlKind::kDone).status());
  MPCC_RETURN_IF_ERROR(ReceiveControl(p2, ControlKind::kDone).status());
  // All parties have stored it, P1 and P2 as what comes next: now it is everybody's.
  MPCC_RETURN_IF_ERROR(Store(self, state, StateFile::kCurrent));
  RemoveOtherNumbers(self.directory(), self.self(), state.instance);
  return state;
}

absl::StatusOr<PartyState> TakeOver(const Party& self, absl::StatusOr<PartyState> next) {
  MPCC_RETURN_IF_ERROR(TakeOverNext(self.directory(), self.self(), next->instance));
  return next;
}

// In a time that does not depend on them.
bool Same(const SecureBuffer& a, const SecureBuffer& b) {
  uint8_t differ = a.size() != b.size();
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) differ |= a.data()[i] ^ b.data()[i];
  return differ == 0;
}

// A set-up that is new brings an id and a seed that are: with the old ones numbers would be counted
// anew and masks serve twice.
absl::Status CheckNew(const PartyState& next, const absl::StatusOr<PartyState>& current,
                      const Channel& p0) {
  const bool again =
      current.ok() && (current->instance.instance == next.instance.instance ||
                       Same(next.self == PartyId::kP1 ? current->seed01 : current->seed02,
                            next.self == PartyId::kP1 ? next.seed01 : next.seed02));
  if (!again && next.instance.instance != Standing::Instance{}) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("{} sends a set-up that is not new: masks would serve twice", p0.peer()));
}

// The instance and the seed that SendSeed sends, and at P2 the weight corrections.
absl::StatusOr<PartyState> ReceiveState(const Party& self, Channel& p0,
                                        const absl::StatusOr<PartyState>& current) {
  PartyState state = EmptyState(self.plan());
  SecureBuffer message = SecureBuffer::Locked(kInstanceBytes + kSeedBytes);
  MPCC_RETURN_IF_ERROR(p0.Recv(message.span()));
  std::memcpy(state.instance.instance.data(), message.data(), kInstanceBytes);
  SecureBuffer& seed = state.self == PartyId::kP1 ? state.seed01 : state.seed02;
  seed = SecureBuffer::LockedCopyOf(message.span().subspan(kInstanceBytes));
  MPCC_RETURN_IF_ERROR(CheckNew(state, current, p0));
  if (state.self == PartyId::kP2) {
    state.weights = SecureBuffer(engine::SetupBytes(self.plan().plan()));
    MPCC_RETURN_IF_ERROR(
        ReceivePieces(p0, state.weights.span(), [&](uint64_t done) { TellWeights(self, done); }));
  }
  return state;
}

absl::StatusOr<PartyState> SetUpEvaluator(Party& self, Holdings held, const Greeted& p0) {
  if (!held.current.ok() && !absl::IsNotFound(held.current.status()))
    self.Log(LogLevel::kWarning,
             fmt::format("no use of {}", std::string(held.current.status().message())));
  MPCC_RETURN_IF_ERROR(GiveUpIfStopped(self.stop(), p0.channel));
  // A set-up that all parties have is not lost to one that may fail.
  if (held.next.ok() && held.next->instance.instance == p0.standing.current) {
    held.current = TakeOver(self, std::move(held.next));
    MPCC_RETURN_IF_ERROR(held.current.status());
  } else {
    DropNext(self.directory(), self.self());
  }
  MPCC_ASSIGN_OR_RETURN(const Control answer, ReceiveControl(p0.channel));
  if (answer.kind == ControlKind::kSetUp) {
    MPCC_ASSIGN_OR_RETURN(PartyState next, ReceiveState(self, p0.channel, held.current));
    MPCC_RETURN_IF_ERROR(Store(self, next, StateFile::kNext));
    MPCC_RETURN_IF_ERROR(SendControl(p0.channel, {.kind = ControlKind::kDone}));
    MPCC_RETURN_IF_ERROR(ReceiveControl(p0.channel, ControlKind::kKeep).status());
    held.current = TakeOver(self, std::move(next));
  } else if (answer.kind != ControlKind::kKeep) {
    return UnexpectedControl(p0.channel, answer, ControlKind::kKeep);
  }
  MPCC_RETURN_IF_ERROR(held.current.status());
  MPCC_RETURN_IF_ERROR(SendControl(p0.channel, {.kind = ControlKind::kDone}));
  return std::move(held.current);
}

}  // namespace

absl::StatusOr<PartyState> SetUpModelOwner(Party& self, SetUpMode mode, Holdings held,
                                           const Greeted& p1, const Greeted& p2) {
  const bool renew = mode == SetUpMode::kRenew;
  if (!renew && !held.current.ok() && !absl::IsNotFound(held.current.status())) {
    RefuseState(p1.channel, p2.channel);
    return held.current.status();
  }
  absl::Status stopped = GiveUpIfStopped(self.stop(), p1.channel);
  stopped.Update(GiveUpIfStopped(self.stop(), p2.channel));
  MPCC_RETURN_IF_ERROR(stopped);
  const bool kept = !renew && held.current.ok() && Holds(p1.standing, *held.current) &&
                    Holds(p2.standing, *held.current);
  if (kept) {
    absl::Status status = CheckRecords(self, *held.current, PartyId::kP1, p1.standing);
    status.Update(CheckRecords(self, *held.current, PartyId::kP2, p2.standing));
    if (!status.ok()) {
      SendFailure(p1.channel, status);
      SendFailure(p2.channel, status);
      return status;
    }
  } else {
    held.current = Renew(self, p1.channel, p2.channel);
    MPCC_RETURN_IF_ERROR(held.current.status());
  }
  MPCC_RETURN_IF_ERROR(Confirm(p1.channel, p2.channel));
  return std::move(held.current);
}

absl::StatusOr<PartyState> GreetAndSetUp(Party& self, const char* purpose, Channel* p0,
                                         Channel* with_other, PartyId other) {
  Holdings held = HoldingsOf(self);
  MPCC_ASSIGN_OR_RETURN(const Standing at_p0, self.Greet(p0, PartyId::kP0, purpose,
                                                         StandingTo(PartyId::kP0, self, held)));
  MPCC_ASSIGN_OR_RETURN(const Standing at_other,
                        self.Greet(with_other, other, purpose, StandingTo(other, self, held)));
  MPCC_ASSIGN_OR_RETURN(PartyState state, SetUpEvaluator(self, std::move(held), {*p0, at_p0}));
  if (absl::Status checked = CheckRecords(self, state, other, at_other); !checked.ok()) {
    SendFailure(*p0, checked);
    return checked;
  }
  return state;
}

}  // namespace mpcc::session

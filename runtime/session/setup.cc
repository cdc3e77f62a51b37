// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/setup.h"

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
  SecureBuffer message(kInstanceBytes + kSeedBytes);
  std::memcpy(message.data(), state.instance.instance.data(), kInstanceBytes);
  std::memcpy(message.data() + kInstanceBytes, seed.data(), kSeedBytes);
  return peer.Send(message.span());
}

absl::Status SendWeights(Channel& p2, const PartyState& state, const LoadedPlan& plan) {
  MPCC_ASSIGN_OR_RETURN(Prg k01, state.SetupKey01());
  ChannelPieces pieces(p2);
  return engine::DealWeights(plan, k01, pieces);
}

bool SameInstance(const Control& control, const PartyState& state) {
  return std::memcmp(control.text, state.instance.instance.data(), kInstanceBytes) == 0;
}

// P1 and P2 need not hear where P0 keeps its state.
void RefuseOtherPlan(Channel& p1, Channel& p2) {
  const auto reason = absl::FailedPreconditionError(
      "its plan is another than at the set-up: run `setup --renew` at P0 and `setup` at P1 and P2");
  SendFailure(p1, reason);
  SendFailure(p2, reason);
}

}  // namespace

absl::StatusOr<PartyState> SetUpModelOwner(const Party& self, SetUpMode mode, Channel& p1,
                                           Channel& p2) {
  const bool renew = mode == SetUpMode::kRenew;
  // 1. Who has what.
  MPCC_ASSIGN_OR_RETURN(const Control at_p1, ReceiveControl(p1, ControlKind::kSetUp));
  MPCC_ASSIGN_OR_RETURN(const Control at_p2, ReceiveControl(p2, ControlKind::kSetUp));
  absl::StatusOr<PartyState> current = LoadState(self.directory(), self.plan());
  if (absl::IsFailedPrecondition(current.status()) && !renew) {
    RefuseOtherPlan(p1, p2);
    return current.status();
  }
  if (current.ok() && !renew && SameInstance(at_p1, *current) && SameInstance(at_p2, *current)) {
    MPCC_RETURN_IF_ERROR(SendControl(p1, {.kind = ControlKind::kKeep}));
    MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kKeep}));
    return current;
  }
  // 2. A new instance, first at P1 and P2.
  MPCC_ASSIGN_OR_RETURN(PartyState state, NewState(self.plan()));
  MPCC_RETURN_IF_ERROR(SendSeed(p1, state, state.seed01));
  MPCC_RETURN_IF_ERROR(SendSeed(p2, state, state.seed02));
  MPCC_RETURN_IF_ERROR(SendWeights(p2, state, self.plan()));
  MPCC_RETURN_IF_ERROR(ReceiveControl(p1, ControlKind::kDone).status());
  MPCC_RETURN_IF_ERROR(ReceiveControl(p2, ControlKind::kDone).status());
  // 3. Then here: nothing is dealt for an instance that somebody lacks.
  MPCC_RETURN_IF_ERROR(SaveState(self.directory(), state));
  return state;
}

absl::StatusOr<PartyState> SetUpEvaluator(const Party& self, Channel& p0) {
  absl::StatusOr<PartyState> current = LoadState(self.directory(), self.plan());
  Control mine{.kind = ControlKind::kSetUp};
  if (current.ok()) std::memcpy(mine.text, current->instance.instance.data(), kInstanceBytes);
  MPCC_RETURN_IF_ERROR(SendControl(p0, mine));
  MPCC_ASSIGN_OR_RETURN(const Control answer, ReceiveControl(p0));
  if (answer.kind == ControlKind::kKeep && current.ok()) return current;
  PartyState state = EmptyState(self.plan());
  SecureBuffer message(kInstanceBytes + kSeedBytes);
  MPCC_RETURN_IF_ERROR(p0.Recv(message.span()));
  std::memcpy(state.instance.instance.data(), message.data(), kInstanceBytes);
  SecureBuffer& seed = state.self == PartyId::kP1 ? state.seed01 : state.seed02;
  seed = SecureBuffer::CopyOf(message.span().subspan(kInstanceBytes));
  if (state.self == PartyId::kP2) {
    state.weights = SecureBuffer(engine::SetupBytes(self.plan().plan()));
    MPCC_RETURN_IF_ERROR(ReceivePieces(p0, state.weights.span()));
  }
  MPCC_RETURN_IF_ERROR(SaveState(self.directory(), state));
  MPCC_RETURN_IF_ERROR(SendControl(p0, {.kind = ControlKind::kDone}));
  return state;
}

}  // namespace mpcc::session

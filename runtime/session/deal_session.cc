// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/deal_session.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"

namespace mpcc::session {

absl::StatusOr<RunStats> DealSession::DealOne(Channel& p2, int program) {
  MPCC_ASSIGN_OR_RETURN(engine::DealRun* const run, runs_.At(program));
  const uint64_t number = dealt_->Next();
  MPCC_RETURN_IF_ERROR(dealt_->Mark(number));
  MPCC_ASSIGN_OR_RETURN(Prg k01, state_.InferenceKey01(program, number));
  MPCC_ASSIGN_OR_RETURN(Prg k02, state_.InferenceKey02(program, number));
  const uint64_t bytes = run->program().material_size();
  if (corrections_.size() != bytes) corrections_ = SecureBuffer(bytes);
  MPCC_ASSIGN_OR_RETURN(RunStats stats,
                        run->Deal(std::move(k01), std::move(k02), corrections_.span()));
  Control control{.kind = ControlKind::kDealt,
                  .program = static_cast<uint32_t>(program),
                  .number = number,
                  .bytes = bytes};
  control.micros = static_cast<uint64_t>(stats.seconds * 1e6);
  MPCC_RETURN_IF_ERROR(SendControl(p2, control));
  MPCC_RETURN_IF_ERROR(SendBulkOnRequest(p2, corrections_.span()));
  return stats;
}

absl::Status DealSession::DealToStore(Channel& p2, int program, int count,
                                      const std::stop_token& stop) {
  for (int i = 0; i < count; ++i) {
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p2));
    MPCC_RETURN_IF_ERROR(DealOne(p2, program).status());
    MPCC_RETURN_IF_ERROR(ReceiveControl(p2, ControlKind::kDone).status());
  }
  return SendControl(p2, {.kind = ControlKind::kEnd});
}

absl::Status DealSession::Serve(Channel& p2, const std::stop_token& stop) {
  while (true) {
    MPCC_ASSIGN_OR_RETURN(const Control request, ReceiveControl(p2));
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p2));
    if (request.kind == ControlKind::kEnd) return absl::OkStatus();
    if (request.kind == ControlKind::kPing) {
      MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kPing}));
    } else if (const auto dealt = DealOne(p2, static_cast<int>(request.program)); !dealt.ok()) {
      if (absl::IsCancelled(dealt.status())) continue;  // P2's next message says why
      SendFailure(p2, dealt.status());
      return dealt.status();
    }
  }
}

}  // namespace mpcc::session

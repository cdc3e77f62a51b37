// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/deal_session.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"
#include "runtime/session/piece_transfer.h"

namespace mpcc::session {

absl::Status DealSession::DealOne(Channel& p2, int program, uint64_t most,
                                  const std::stop_token& stop) {
  MPCC_ASSIGN_OR_RETURN(engine::DealRun* const run, runs_.At(program));
  const uint64_t number = dealt_->Next();
  if (number > most) return SendControl(p2, {.kind = ControlKind::kSpent, .number = most});
  MPCC_RETURN_IF_ERROR(dealt_->Mark(number));
  MPCC_ASSIGN_OR_RETURN(Prg k01, state_.InferenceKey01(program, number));
  MPCC_ASSIGN_OR_RETURN(Prg k02, state_.InferenceKey02(program, number));
  MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kDealt,
                                        .program = static_cast<uint32_t>(program),
                                        .number = number,
                                        .bytes = run->program().material_size(),
                                        .left = most == kNoLimit ? kNoLimit : most - number}));
  RequestedPieces pieces(p2, stop);
  RunTrace trace(trace_, program, number);
  MPCC_ASSIGN_OR_RETURN(const RunStats stats, run->Deal(std::move(k01), std::move(k02), pieces));
  trace.End(stats);
  const double seconds = tells_times_ ? stats.seconds - stats.material_seconds : 0;
  return SendControl(p2,
                     {.kind = ControlKind::kDone, .micros = static_cast<uint64_t>(seconds * 1e6)});
}

absl::Status DealSession::DealToStore(Channel& p2, int program, int count,
                                      const std::stop_token& stop) {
  Working work(progress_,
               {.what = "dealing", .unit = "inferences", .all = static_cast<uint64_t>(count)});
  for (int i = 0; i < count; ++i) {
    work.Done(i);
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p2));
    if (const absl::Status dealt = DealOne(p2, program, kNoLimit, stop); !dealt.ok()) {
      SendFailure(p2, dealt);
      return dealt;
    }
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
    } else if (request.kind != ControlKind::kDeal) {
      return UnexpectedControl(p2, request, ControlKind::kDeal);
    } else if (const absl::Status dealt =
                   DealOne(p2, static_cast<int>(request.program), most_, stop);
               !dealt.ok()) {
      if (absl::IsAborted(dealt)) continue;  // P2's next message says why
      SendFailure(p2, dealt);
      return dealt;
    }
  }
}

}  // namespace mpcc::session

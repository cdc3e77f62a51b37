// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/ask_session.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/base/status_macros.h"
#include "runtime/session/bucket.h"

namespace mpcc::session {
namespace {

// What fails once P2 runs ends the session: its code says so, whatever the input was.
absl::StatusOr<RunStats> Ends(absl::StatusOr<RunStats> stats) {
  if (!absl::IsInvalidArgument(stats.status())) return stats;
  return absl::FailedPreconditionError(std::string(stats.status().message()));
}

}  // namespace

absl::StatusOr<Answer> AskSession::Infer(Channel& p2, const NamedTensors& inputs) {
  MPCC_ASSIGN_OR_RETURN(const BucketedInputs bucketed, FitToBucket(runs_.plan().plan(), inputs));
  MPCC_ASSIGN_OR_RETURN(engine::DataOwnerRun* const run, runs_.At(bucketed.program));
  InferenceUnderWay work(progress_, *run);
  MPCC_RETURN_IF_ERROR(run->Begin(bucketed.inputs));
  const auto start = std::chrono::steady_clock::now();
  MPCC_RETURN_IF_ERROR(SendControl(
      p2, {.kind = ControlKind::kRun, .program = static_cast<uint32_t>(bucketed.program)}));
  MPCC_ASSIGN_OR_RETURN(const Control ready, ReceiveControl(p2, ControlKind::kReady));
  if (ready.program != static_cast<uint32_t>(bucketed.program))
    return absl::DataLossError(fmt::format("{} is ready for program {}, asked for was {}",
                                           p2.peer(), ready.program, bucketed.program));
  Answer answer;
  answer.waiting_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answer.program = bucketed.program;
  answer.number = ready.number;
  answer.material_bytes = ready.bytes;
  if (ready.left != kNoLimit) answer.inferences_left = ready.left;
  if (absl::Status marked = used_->Mark(ready.number); !marked.ok())
    return absl::FailedPreconditionError(std::string(marked.message()));
  MPCC_ASSIGN_OR_RETURN(Prg k01, state_.InferenceKey01(bucketed.program, ready.number));
  RunTrace trace(trace_, answer.program, answer.number);
  MPCC_ASSIGN_OR_RETURN(answer.stats, Ends(run->Finish(std::move(k01), p2)));
  trace.End(answer.stats);
  MPCC_ASSIGN_OR_RETURN(const Control done, ReceiveControl(p2, ControlKind::kDone));
  answer.deal_seconds = static_cast<double>(done.micros) * 1e-6;
  answer.outputs = run->outputs();
  return answer;
}

absl::Status AskSession::Ping(Channel& p2) {
  MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kPing}));
  return ReceiveControl(p2, ControlKind::kPing).status();
}

}  // namespace mpcc::session

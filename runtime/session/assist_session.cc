// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/assist_session.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"

namespace mpcc::session {

absl::StatusOr<int> AssistSession::StoreDealt(Channel& p0, const std::stop_token& stop) {
  for (int count = 0;; ++count) {
    MPCC_ASSIGN_OR_RETURN(const Control control, ReceiveControl(p0));
    if (control.kind == ControlKind::kEnd) return count;
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p0));
    const auto programs = static_cast<uint32_t>(runs_.plan().plan().programs_size());
    if (control.kind != ControlKind::kDealt || control.program >= programs ||
        control.bytes != runs_.plan().program(static_cast<int>(control.program)).material_size())
      return absl::DataLossError(
          fmt::format("{} dealt material that the plan does not know", p0.peer()));
    Material material{control.number, control.program, SecureBuffer(control.bytes), 0};
    MPCC_RETURN_IF_ERROR(ReceiveBulkOnRequest(p0, material.storage.span(), [] { return true; }));
    MPCC_RETURN_IF_ERROR(store_->Put(material));
    MPCC_RETURN_IF_ERROR(SendControl(p0, {.kind = ControlKind::kDone}));
  }
}

absl::StatusOr<FedMaterial> AssistSession::TakeMaterial(int program, MaterialFeed* feed) {
  if (!feed) {
    MPCC_ASSIGN_OR_RETURN(Material material,
                          store_->Take(static_cast<uint32_t>(program),
                                       runs_.plan().program(program).material_size()));
    return FedMaterial{std::move(material), 0};
  }
  MPCC_ASSIGN_OR_RETURN(FedMaterial fed, feed->Take(program));
  MPCC_RETURN_IF_ERROR(store_->MarkUsed(fed.material.number));
  return fed;
}

absl::Status AssistSession::RunOne(Channel& p1, int program, MaterialFeed* feed) {
  MPCC_ASSIGN_OR_RETURN(engine::AssistantRun* const run, runs_.At(program));
  MPCC_ASSIGN_OR_RETURN(FedMaterial fed, TakeMaterial(program, feed));
  MPCC_ASSIGN_OR_RETURN(Prg k02, state_.InferenceKey02(program, fed.material.number));
  MPCC_RETURN_IF_ERROR(SendControl(p1, {.kind = ControlKind::kReady,
                                        .program = static_cast<uint32_t>(program),
                                        .number = fed.material.number,
                                        .bytes = fed.material.corrections().size(),
                                        .micros = fed.deal_micros}));
  MPCC_RETURN_IF_ERROR(run->Assist(std::move(k02), p1, fed.material.corrections()).status());
  if (feed) feed->Recycle(program, std::move(fed.material.storage));
  return absl::OkStatus();
}

absl::Status AssistSession::Answer(Channel& p1, MaterialFeed* feed, const std::stop_token& stop) {
  while (true) {
    MPCC_ASSIGN_OR_RETURN(const Control request, ReceiveControl(p1));
    if (request.kind == ControlKind::kEnd) return absl::OkStatus();
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p1));
    absl::Status status = feed ? feed->status() : absl::OkStatus();
    if (status.ok() && request.kind == ControlKind::kRun)
      status = RunOne(p1, static_cast<int>(request.program), feed);
    else if (status.ok())
      status = SendControl(p1, {.kind = ControlKind::kPing});
    if (!status.ok()) {
      SendFailure(p1, status);
      return status;
    }
  }
}

}  // namespace mpcc::session

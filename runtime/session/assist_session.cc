// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/assist_session.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"
#include "runtime/session/piece_transfer.h"
#include "runtime/session/stock.h"

namespace mpcc::session {

absl::StatusOr<int> AssistSession::StoreDealt(Channel& p0, const std::stop_token& stop) {
  Working work(progress_, {.what = "storing", .unit = "inferences"});
  for (int count = 0;; ++count) {
    work.Done(count);
    MPCC_ASSIGN_OR_RETURN(const Control control, ReceiveControl(p0));
    if (control.kind == ControlKind::kEnd) return count;
    MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop, p0));
    const auto programs = static_cast<uint32_t>(runs_.plan().plan().programs_size());
    if (control.kind != ControlKind::kDealt || control.program >= programs ||
        control.bytes != runs_.plan().program(static_cast<int>(control.program)).material_size())
      return absl::DataLossError(
          fmt::format("{} dealt material that the plan does not know", p0.peer()));
    if (const absl::Status stored = StoreOne(p0, control); !stored.ok()) {
      SendFailure(p0, stored);
      return stored;
    }
    MPCC_RETURN_IF_ERROR(SendControl(p0, {.kind = ControlKind::kDone}));
  }
}

absl::Status AssistSession::StoreOne(Channel& p0, const Control& dealt) {
  MPCC_ASSIGN_OR_RETURN(MaterialFileWriter file,
                        store_->Put(dealt.program, dealt.number, dealt.bytes));
  PieceRequests requests(p0, dealt.bytes);
  SecureBuffer buffer(kPieceBytes);
  while (!requests.done()) {
    while (requests.may_ask()) MPCC_RETURN_IF_ERROR(requests.Ask());
    MPCC_ASSIGN_OR_RETURN(const uint64_t size, requests.Receive(buffer.span()));
    MPCC_RETURN_IF_ERROR(file.Put(buffer.span().first(size)));
  }
  MPCC_RETURN_IF_ERROR(requests.Finish().status());
  return file.Commit();
}

// P1 waits meanwhile, and is told that P2 is there. A number is spent before the first piece is
// used, whatever becomes of the others.
absl::StatusOr<std::shared_ptr<Delivery>> AssistSession::TakeMaterial(Channel& p1, int program,
                                                                      MaterialFeed* feed) {
  const auto idle = [&p1] { p1.KeepAlive().IgnoreError(); };
  std::shared_ptr<Delivery> taken;
  if (feed) {
    MPCC_ASSIGN_OR_RETURN(taken, feed->Take(program, idle));
    MPCC_RETURN_IF_ERROR(store_->MarkUsed(taken->of.number));
    return taken;
  }
  const auto id = static_cast<uint32_t>(program);
  const uint64_t bytes = runs_.plan().program(program).material_size();
  auto stored = store_->Take(id, bytes);
  if (absl::IsNotFound(stored.status()))
    return absl::NotFoundError(OutOfStock(program, StockIn(store_->directory(), runs_.plan().plan(),
                                                           state_.instance, store_->spent())));
  MPCC_RETURN_IF_ERROR(stored.status());
  const DealtInference inference{id, stored->number, store_->Available(id).size()};
  taken = std::make_shared<StoredDelivery>(inference, bytes, window_, std::move(stored->pieces));
  taken->pieces.WhileWaiting(idle);
  MPCC_RETURN_IF_ERROR(taken->pieces.WaitUntilFull());
  return taken;
}

absl::Status AssistSession::RunOne(Channel& p1, int program, MaterialFeed* feed) {
  MPCC_ASSIGN_OR_RETURN(engine::AssistantRun* const run, runs_.At(program));
  InferenceUnderWay work(progress_, *run);
  MPCC_ASSIGN_OR_RETURN(std::shared_ptr<Delivery> material, TakeMaterial(p1, program, feed));
  MPCC_ASSIGN_OR_RETURN(Prg k02, state_.InferenceKey02(program, material->of.number));
  MPCC_RETURN_IF_ERROR(SendControl(p1, {.kind = ControlKind::kReady,
                                        .program = static_cast<uint32_t>(program),
                                        .number = material->of.number,
                                        .bytes = material->pieces.bytes(),
                                        .left = material->of.left}));
  RunTrace trace(trace_, program, material->of.number);
  MPCC_ASSIGN_OR_RETURN(const RunStats stats, run->Assist(std::move(k02), p1, material->pieces));
  trace.End(stats);
  MPCC_ASSIGN_OR_RETURN(const uint64_t micros, material->pieces.WaitUntilFinished());
  MPCC_RETURN_IF_ERROR(SendControl(p1, {.kind = ControlKind::kDone, .micros = micros}));
  if (feed) feed->Recycle(*material);
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
    else if (status.ok() && request.kind == ControlKind::kPing)
      status = SendControl(p1, {.kind = ControlKind::kPing});
    else if (status.ok())
      status = UnexpectedControl(p1, request, ControlKind::kRun);
    if (!status.ok()) {
      SendFailure(p1, status);
      return status;
    }
  }
}

}  // namespace mpcc::session

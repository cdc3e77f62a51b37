// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/control.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/cord.h"
#include "runtime/base/bytes.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/peer_text.h"

namespace mpcc::session {

namespace {

// On a status: the peer has given up for good, whatever others do.
constexpr char kForGood[] = "mpcc/for-good";

absl::Status GaveUp(const Channel& channel, const Control& control) {
  absl::Status status =
      absl::UnavailableError(fmt::format("{} gave up: {}", channel.peer(), SafeText(control.text)));
  if (control.program == 0) status.SetPayload(kForGood, absl::Cord());
  return status;
}

}  // namespace

bool MayComeBack(const absl::Status& status) {
  return absl::IsUnavailable(status) && !status.GetPayload(kForGood);
}

absl::Status SendControl(Channel& channel, const Control& control) {
  return channel.Send(BytesOf(control));
}

absl::StatusOr<Control> ReceiveControl(Channel& channel) {
  Control control;
  MPCC_RETURN_IF_ERROR(channel.Recv(MutableBytesOf(control)));
  control.text[sizeof(control.text) - 1] = 0;
  if (control.kind == ControlKind::kFailed) return GaveUp(channel, control);
  if (control.kind < ControlKind::kPing || control.kind > ControlKind::kSpent)
    return absl::DataLossError(
        fmt::format("{} sent message {}, which is none: are all parties the same version?",
                    channel.peer(), static_cast<uint32_t>(control.kind)));
  return control;
}

absl::StatusOr<Control> ReceiveControl(Channel& channel, ControlKind expected) {
  MPCC_ASSIGN_OR_RETURN(Control control, ReceiveControl(channel));
  if (control.kind != expected) return UnexpectedControl(channel, control, expected);
  return control;
}

absl::Status UnexpectedControl(const Channel& channel, const Control& got, ControlKind expected) {
  return absl::DataLossError(fmt::format(
      "{} sent message {} where {} was expected: are all parties the same "
      "version and in the same mode?",
      channel.peer(), static_cast<uint32_t>(got.kind), static_cast<uint32_t>(expected)));
}

void SendFailure(Channel& channel, const absl::Status& status) {
  Control control;
  control.kind = ControlKind::kFailed;
  control.program = MayComeBack(status);
  const std::string text = WithoutFolders(std::string(status.message()));
  std::ranges::copy(CutText(text, sizeof(control.text) - 1), control.text);
  SendControl(channel, control).IgnoreError();
}

absl::Status GiveUpIfStopped(const std::stop_token& stop, Channel& peer) {
  if (!stop.stop_requested()) return absl::OkStatus();
  const auto stopped = absl::CancelledError("it was stopped");
  SendFailure(peer, stopped);
  return stopped;
}

absl::Status ReceivePieces(Channel& channel, std::span<uint8_t> bytes,
                           const std::function<void(uint64_t)>& received) {
  for (uint64_t done = 0; done < bytes.size();) {
    const uint64_t size = PieceBytesAt(done, bytes.size());
    MPCC_RETURN_IF_ERROR(channel.Recv(bytes.subspan(done, size)));
    received(done += size);
  }
  return absl::OkStatus();
}

}  // namespace mpcc::session

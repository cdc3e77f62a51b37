// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/status_macros.h"

namespace mpcc::session {

absl::Status SendControl(Channel& channel, const Control& control) {
  return channel.Send({reinterpret_cast<const uint8_t*>(&control), sizeof(control)});
}

absl::StatusOr<Control> ReceiveControl(Channel& channel) {
  Control control;
  MPCC_RETURN_IF_ERROR(channel.Recv({reinterpret_cast<uint8_t*>(&control), sizeof(control)}));
  control.text[sizeof(control.text) - 1] = 0;
  if (control.kind == ControlKind::kFailed)
    return absl::UnavailableError(fmt::format("{} gave up: {}", channel.peer(), control.text));
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
  const std::string text(status.message());
  std::memcpy(control.text, text.data(), std::min(text.size(), sizeof(control.text) - 1));
  SendControl(channel, control).IgnoreError();
}

absl::Status GiveUpIfStopped(const std::stop_token& stop, Channel& peer) {
  if (!stop.stop_requested()) return absl::OkStatus();
  const auto stopped = absl::CancelledError("it was stopped");
  SendFailure(peer, stopped);
  return stopped;
}

absl::Status ReceivePieces(Channel& channel, std::span<uint8_t> bytes) {
  for (uint64_t done = 0; done < bytes.size(); done += kPieceBytes)
    MPCC_RETURN_IF_ERROR(channel.Recv(bytes.subspan(done, PieceBytesAt(done, bytes.size()))));
  return absl::OkStatus();
}

}  // namespace mpcc::session

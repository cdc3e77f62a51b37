// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/status_macros.h"

namespace mpcc::session {
namespace {

constexpr size_t kBulkBytes = 64 << 20;

}  // namespace

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
  if (control.kind != expected)
    return absl::DataLossError(fmt::format(
        "{} sent message {} where {} was expected: are all parties the same "
        "version and in the same mode?",
        channel.peer(), static_cast<uint32_t>(control.kind), static_cast<uint32_t>(expected)));
  return control;
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

absl::Status SendBulk(Channel& channel, std::span<const uint8_t> bytes) {
  for (size_t done = 0; done < bytes.size(); done += kBulkBytes)
    MPCC_RETURN_IF_ERROR(
        channel.Send(bytes.subspan(done, std::min(kBulkBytes, bytes.size() - done))));
  return absl::OkStatus();
}

absl::Status ReceiveBulk(Channel& channel, std::span<uint8_t> bytes) {
  for (size_t done = 0; done < bytes.size(); done += kBulkBytes)
    MPCC_RETURN_IF_ERROR(
        channel.Recv(bytes.subspan(done, std::min(kBulkBytes, bytes.size() - done))));
  return absl::OkStatus();
}

absl::Status SendBulkOnRequest(Channel& channel, std::span<const uint8_t> bytes) {
  for (size_t done = 0; done < bytes.size(); done += kBulkBytes) {
    MPCC_ASSIGN_OR_RETURN(const Control request, ReceiveControl(channel));
    if (request.kind == ControlKind::kEnd) return absl::CancelledError("the peer wants no more");
    MPCC_RETURN_IF_ERROR(
        channel.Send(bytes.subspan(done, std::min(kBulkBytes, bytes.size() - done))));
  }
  return absl::OkStatus();
}

absl::Status ReceiveBulkOnRequest(Channel& channel, std::span<uint8_t> bytes,
                                  const std::function<bool()>& wanted) {
  for (size_t done = 0; done < bytes.size(); done += kBulkBytes) {
    const bool more = wanted();
    MPCC_RETURN_IF_ERROR(
        SendControl(channel, {.kind = more ? ControlKind::kPing : ControlKind::kEnd}));
    if (!more) return absl::CancelledError("no more is wanted");
    MPCC_RETURN_IF_ERROR(
        channel.Recv(bytes.subspan(done, std::min(kBulkBytes, bytes.size() - done))));
  }
  return absl::OkStatus();
}

}  // namespace mpcc::session

// SPDX-License-Identifier: Apache-2.0
// Messages between sessions outside a program: all of one size, so that both ends know it.
#ifndef MPCC_RUNTIME_SESSION_CONTROL_H_
#define MPCC_RUNTIME_SESSION_CONTROL_H_

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc::session {

enum class ControlKind : uint32_t {
  kPing = 1,  // answered by kPing or kFailed
  kRun,       // P1 to P2: run `program`
  kReady,     // P2 to P1: with the material of `number`
  kDeal,      // P2 to P0: material for `program`, please
  kDealt,     // P0 to P2: `bytes` of material of `number` follow
  kSetUp,     // P0: a set-up follows
  kKeep,      // P0: yours is current
  kDone,
  kEnd,     // no more work
  kFailed,  // the sender gives up; `text` says why
};

struct Control {
  ControlKind kind = ControlKind::kPing;
  uint32_t program = 0;
  uint64_t number = 0;
  uint64_t bytes = 0;
  uint64_t micros = 0;  // kDealt, kReady: time P0 took to deal
  char text[224] = {};
};
static_assert(sizeof(Control) == 256);

absl::Status SendControl(Channel& channel, const Control& control);
// The next message, which must be of this kind. UNAVAILABLE with the sender's words for kFailed.
absl::StatusOr<Control> ReceiveControl(Channel& channel, ControlKind expected);
// The next message of any kind but kFailed.
absl::StatusOr<Control> ReceiveControl(Channel& channel);
// Tells the peer why this party stops; the peer may be gone.
void SendFailure(Channel& channel, const absl::Status& status);

// CANCELLED, and the peer is told, when a stop was asked for.
absl::Status GiveUpIfStopped(const std::stop_token& stop, Channel& peer);

// A long run of bytes in messages of at most 64 MiB; the receiver knows the size.
absl::Status SendBulk(Channel& channel, std::span<const uint8_t> bytes);
absl::Status ReceiveBulk(Channel& channel, std::span<uint8_t> bytes);

// The same, but the receiver asks for every message, so that it can give up: `wanted` is looked at
// before each. Both ends then return CANCELLED.
absl::Status SendBulkOnRequest(Channel& channel, std::span<const uint8_t> bytes);
absl::Status ReceiveBulkOnRequest(Channel& channel, std::span<uint8_t> bytes,
                                  const std::function<bool()>& wanted);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_CONTROL_H_

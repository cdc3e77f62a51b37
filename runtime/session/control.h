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
#include "runtime/base/pieces.h"

namespace mpcc::session {

enum class ControlKind : uint32_t {
  kPing = 1,  // answered by kPing or kFailed
  kRun,       // P1 to P2: run `program`
  kReady,     // P2 to P1: with the material of `number`
  kDeal,      // P2 to P0: material for `program`, please
  kDealt,     // P0 to P2: `bytes` of material of `number` can be had
  kSetUp,     // P0: a set-up follows
  kKeep,      // P0: all hold its instance, kept or new; answered by kDone
  kDone,
  kEnd,     // no more work
  kFailed,  // the sender gives up; `text` says why, `program` 1 that it lost a peer
  kMore,    // P2 to P0: the next piece of the material, please
  kPiece,   // P0 to P2: `bytes` of it follow
  kSpent,   // P0 to P2, to kDeal: no more, the `number` inferences that it allows were dealt
};

inline constexpr uint64_t kNoLimit = ~uint64_t{0};

struct Control {
  ControlKind kind = ControlKind::kPing;
  uint32_t program = 0;
  uint64_t number = 0;
  uint64_t bytes = 0;
  uint64_t micros =
      0;  // kDone of an inference or its material: time P0 took to deal, 0 if it does not tell
  uint64_t left = kNoLimit;  // kDealt in `serve`, kReady: inferences after this one
  char text[216] = {};
};
static_assert(sizeof(Control) == 256);

absl::Status SendControl(Channel& channel, const Control& control);
// The next message, which must be of this kind. UNAVAILABLE with the sender's words for kFailed.
absl::StatusOr<Control> ReceiveControl(Channel& channel, ControlKind expected);
// The next message of any kind but kFailed; DATA_LOSS if there is no such kind.
absl::StatusOr<Control> ReceiveControl(Channel& channel);
// DATA_LOSS for a message of another kind than `expected`.
absl::Status UnexpectedControl(const Channel& channel, const Control& got, ControlKind expected);
// Tells the peer why this party stops, without its folders; the peer may be gone.
void SendFailure(Channel& channel, const absl::Status& status);

// Whether a session ended because a party was lost, here or at the peer that gave up for it: the
// others may meet it again.
bool MayComeBack(const absl::Status& status);

// CANCELLED, and the peer is told, when a stop was asked for.
absl::Status GiveUpIfStopped(const std::stop_token& stop, Channel& peer);

// Sends pieces as they come; the receiver knows their sizes.
class ChannelPieces : public PieceSink {
 public:
  explicit ChannelPieces(Channel& channel) : channel_(channel) {}
  absl::Status Put(std::span<const uint8_t> piece) override { return channel_.Send(piece); }

 private:
  Channel& channel_;
};

// All pieces of what ChannelPieces sends; `received` hears after each how many bytes there are.
absl::Status ReceivePieces(Channel& channel, std::span<uint8_t> bytes,
                           const std::function<void(uint64_t)>& received);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_CONTROL_H_

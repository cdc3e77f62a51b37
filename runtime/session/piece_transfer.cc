// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/piece_transfer.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"
#include "runtime/session/control.h"

namespace mpcc::session {
namespace {

// Enough for the bandwidth times the round trip of a fast and far link (1 Gbit/s, 100 ms), and soon
// taken by one who gives up.
constexpr uint64_t kMostUnderWay = 16;

}  // namespace

absl::Status RequestedPieces::Put(std::span<const uint8_t> piece) {
  while (true) {
    MPCC_ASSIGN_OR_RETURN(const Control request, ReceiveControl(p2_));
    switch (request.kind) {
      case ControlKind::kMore:
        MPCC_RETURN_IF_ERROR(
            SendControl(p2_, {.kind = ControlKind::kPiece, .bytes = piece.size()}));
        return p2_.Send(piece);
      case ControlKind::kPing:
        MPCC_RETURN_IF_ERROR(GiveUpIfStopped(stop_, p2_));
        MPCC_RETURN_IF_ERROR(SendControl(p2_, {.kind = ControlKind::kPing}));
        break;
      case ControlKind::kEnd:
        return absl::AbortedError(fmt::format("{} wants no more of it", p2_.peer()));
      default:
        return UnexpectedControl(p2_, request, ControlKind::kMore);
    }
  }
}

bool PieceRequests::may_ask() const { return asked_ < bytes_ && under_way() < kMostUnderWay; }

absl::Status PieceRequests::Ask() {
  asked_ += PieceBytesAt(asked_, bytes_);
  return SendControl(p0_, {.kind = ControlKind::kMore});
}

absl::StatusOr<uint64_t> PieceRequests::Receive(std::span<uint8_t> room) {
  const uint64_t size = PieceBytesAt(received_, bytes_);
  MPCC_ASSIGN_OR_RETURN(const Control piece, ReceiveControl(p0_, ControlKind::kPiece));
  if (piece.bytes != size)
    return absl::DataLossError(fmt::format("{} sends a piece of {} bytes, expected were {}",
                                           p0_.peer(), piece.bytes, size));
  MPCC_RETURN_IF_ERROR(p0_.Recv(room.first(size)));
  received_ += size;
  return size;
}

absl::StatusOr<uint64_t> PieceRequests::Finish() {
  MPCC_ASSIGN_OR_RETURN(const Control done, ReceiveControl(p0_, ControlKind::kDone));
  return done.micros;
}

absl::Status PieceRequests::GiveUp() {
  const bool all = asked_ == bytes_;  // then P0 waits for nothing
  if (!all) MPCC_RETURN_IF_ERROR(SendControl(p0_, {.kind = ControlKind::kEnd}));
  SecureBuffer unwanted(under_way() ? kPieceBytes : 0);
  while (under_way() > 0) MPCC_RETURN_IF_ERROR(Receive(unwanted.span()).status());
  return all ? Finish().status() : absl::OkStatus();
}

}  // namespace mpcc::session

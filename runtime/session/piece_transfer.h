// SPDX-License-Identifier: Apache-2.0
// Material from P0 to P2, piece by piece: P2 asks for each, some ahead, so that it never gets more
// than it has room for and can give up between two.
#ifndef MPCC_RUNTIME_SESSION_PIECE_TRANSFER_H_
#define MPCC_RUNTIME_SESSION_PIECE_TRANSFER_H_

#include <cstdint>
#include <span>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "runtime/base/pieces.h"

namespace mpcc::session {

// P0: sends a piece when P2 has asked for it, and answers pings meanwhile.
class RequestedPieces : public PieceSink {
 public:
  RequestedPieces(Channel& p2, std::stop_token stop) : p2_(p2), stop_(std::move(stop)) {}

  // ABORTED when P2 wants no more of it; CANCELLED when stopped while P2 had nothing to ask, which
  // P2 is told.
  absl::Status Put(std::span<const uint8_t> piece) override;

 private:
  Channel& p2_;
  std::stop_token stop_;
};

// P2: asks for the pieces of `bytes` bytes and receives them.
class PieceRequests {
 public:
  PieceRequests(Channel& p0, uint64_t bytes) : p0_(p0), bytes_(bytes) {}

  bool done() const { return received_ == bytes_; }
  // Asked for and not received.
  uint64_t under_way() const { return PieceCount(asked_) - PieceCount(received_); }
  // Whether there is more to ask for, and not too much under way.
  bool may_ask() const;

  // REQUIRES: may_ask().
  absl::Status Ask();
  // The next piece into `room`, which has kPieceBytes; its size. REQUIRES: under_way() > 0.
  absl::StatusOr<uint64_t> Receive(std::span<uint8_t> room);
  // The microseconds that P0 took to deal. REQUIRES: done().
  absl::StatusOr<uint64_t> Finish();
  // Lets P0 know that no more is wanted and takes what is under way.
  absl::Status GiveUp();

 private:
  Channel& p0_;
  uint64_t bytes_, asked_ = 0, received_ = 0;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PIECE_TRANSFER_H_

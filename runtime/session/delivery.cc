// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/delivery.h"

#include <algorithm>

#include "runtime/base/status_macros.h"

namespace mpcc::session {
namespace {

// How long the thread waits at once; what it waits for wakes it earlier.
constexpr std::chrono::seconds kPatience{1};

}  // namespace

StoredDelivery::StoredDelivery(const DealtInference& inference, uint64_t bytes, uint64_t window,
                               MaterialFileReader file)
    : Delivery(inference, bytes, window), file_(std::move(file)) {
  thread_ = std::thread([this] { pieces.Finish(Read()); });
}

StoredDelivery::~StoredDelivery() {
  pieces.Abandon();
  thread_.join();
}

absl::Status StoredDelivery::Read() {
  for (uint64_t left = PieceCount(pieces.bytes()); left > 0;) {
    const PieceQueue::Room room = pieces.Reserve(kPatience);
    if (room == PieceQueue::Room::kUnwanted) return absl::AbortedError("no more is wanted");
    if (room == PieceQueue::Room::kNotYet) continue;
    MPCC_ASSIGN_OR_RETURN(const std::span<const uint8_t> piece, file_.Next());
    SecureBuffer buffer = pieces.Buffer();
    std::ranges::copy(piece, buffer.data());
    pieces.Push(std::move(buffer), piece.size());
    --left;
  }
  return absl::OkStatus();
}

}  // namespace mpcc::session

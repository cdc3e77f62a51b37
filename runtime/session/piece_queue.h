// SPDX-License-Identifier: Apache-2.0
// Pieces on their way from a thread that gets them to one that uses them, a bounded number at once.
#ifndef MPCC_RUNTIME_SESSION_PIECE_QUEUE_H_
#define MPCC_RUNTIME_SESSION_PIECE_QUEUE_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "runtime/base/pieces.h"

namespace mpcc::session {

class PieceQueue : public PieceSource {
 public:
  // For a whole of `bytes` bytes. At most `most` pieces, but two at least, are held or under way.
  // Buffers of earlier queues serve again.
  PieceQueue(uint64_t bytes, uint64_t most, std::vector<SecureBuffer> spares = {});

  uint64_t bytes() const { return bytes_; }
  // Pieces that it can come to hold.
  uint64_t most() const { return most_; }

  // One thread puts in:

  enum class Room { kYes, kNotYet, kUnwanted };
  // Whether one more piece may come; kYes is a promise that it will. Waits for room that long.
  Room Reserve(std::chrono::milliseconds patience);
  // A buffer of kPieceBytes for a piece that was reserved.
  SecureBuffer Buffer();
  // A piece that was reserved, the first `size` bytes of the buffer.
  void Push(SecureBuffer buffer, uint64_t size);
  // There will be no more: OK after the last piece, else why. `micros`: what it took P0 to deal.
  void Finish(const absl::Status& status, uint64_t micros = 0);

  // Another takes out:

  // What it does every two seconds while it waits, such as to tell others that it is there.
  void WhileWaiting(std::function<void()> idle) { idle_ = std::move(idle); }

  // Waits for a piece; the error of Finish when there is none.
  absl::StatusOr<std::span<const uint8_t>> Next() override;
  // Waits until all pieces that there is room for are there; the error of Finish.
  absl::Status WaitUntilFull();
  // Waits for Finish; its microseconds, or its error.
  absl::StatusOr<uint64_t> WaitUntilFinished();
  // No more is wanted.
  void Abandon();
  // The buffers, once all has been used.
  std::vector<SecureBuffer> TakeSpares();

  // The most pieces that were held or under way at once.
  uint64_t most_held() const;

 private:
  struct Piece {
    SecureBuffer buffer;
    uint64_t size = 0;
  };
  template <typename Done>
  void Wait(std::unique_lock<std::mutex>& lock, Done done);
  uint64_t Held() const { return queue_.size() + reserved_ + (current_.size > 0); }

  const uint64_t bytes_, most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> queue_;
  Piece current_;  // that the user looks at
  std::vector<SecureBuffer> spares_;
  uint64_t reserved_ = 0, most_held_ = 0;
  bool finished_ = false, abandoned_ = false;
  absl::Status status_;
  uint64_t micros_ = 0;
  std::function<void()> idle_;  // of the thread that takes out
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PIECE_QUEUE_H_

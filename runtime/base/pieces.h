// SPDX-License-Identifier: Apache-2.0
// Long runs of bytes, one piece at a time: so that nobody holds all of an inference's material.
#ifndef MPCC_RUNTIME_BASE_PIECES_H_
#define MPCC_RUNTIME_BASE_PIECES_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc {

// Bytes of a piece in files and messages; the last one has what is left.
inline constexpr uint64_t kPieceBytes = 1 << 20;

// Of a whole of `bytes` bytes: how many pieces it has, and how large the one at `offset` is.
constexpr uint64_t PieceCount(uint64_t bytes) { return (bytes + kPieceBytes - 1) / kPieceBytes; }
constexpr uint64_t PieceBytesAt(uint64_t offset, uint64_t bytes) {
  return bytes - offset < kPieceBytes ? bytes - offset : kPieceBytes;
}

// Takes pieces in order. The first error is final.
class PieceSink {
 public:
  virtual ~PieceSink() = default;
  // Returns when `piece` may be overwritten.
  virtual absl::Status Put(std::span<const uint8_t> piece) = 0;
};

// Gives pieces in order. The first error is final.
class PieceSource {
 public:
  virtual ~PieceSource() = default;
  // The next piece, not empty, valid until the next call. OUT_OF_RANGE when there is no more.
  virtual absl::StatusOr<std::span<const uint8_t>> Next() = 0;
};

// Pieces in memory: for tests, and what is small.
class MemoryPieces : public PieceSink, public PieceSource {
 public:
  absl::Status Put(std::span<const uint8_t> piece) override {
    pieces_.push_back(SecureBuffer::CopyOf(piece));
    return absl::OkStatus();
  }
  absl::StatusOr<std::span<const uint8_t>> Next() override {
    if (next_ == pieces_.size()) return absl::OutOfRangeError("there is no more of it");
    return std::as_const(pieces_[next_++]).span();
  }
  // The next piece is the first one.
  void Rewind() { next_ = 0; }

  const std::vector<SecureBuffer>& pieces() const { return pieces_; }
  // All of them, one behind the other.
  SecureBuffer Whole() const {
    size_t bytes = 0;
    for (const SecureBuffer& piece : pieces_) bytes += piece.size();
    SecureBuffer whole(bytes);
    uint8_t* at = whole.data();
    for (const SecureBuffer& piece : pieces_) at = std::ranges::copy(piece.span(), at).out;
    return whole;
  }

 private:
  std::vector<SecureBuffer> pieces_;
  size_t next_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_PIECES_H_

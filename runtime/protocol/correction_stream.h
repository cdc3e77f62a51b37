// SPDX-License-Identifier: Apache-2.0
// An inference's material as a stream: P0 writes and P2 reads it from front to back, a few bytes at
// a time, and hands over or gets it in pieces whose borders mean nothing.
//
// Both go on after an error and remember it: what is written goes nowhere, what is read is zero. So
// the code of operations has no errors to pass on; whoever runs it asks status() before anything
// that was computed leaves the party.
#ifndef MPCC_RUNTIME_PROTOCOL_CORRECTION_STREAM_H_
#define MPCC_RUNTIME_PROTOCOL_CORRECTION_STREAM_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "runtime/base/pieces.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc::protocol {

// P0. Holds one piece and what was asked for last.
class CorrectionWriter {
 public:
  // `sink` gets pieces of `piece_bytes`, and outlives the writer.
  explicit CorrectionWriter(PieceSink& sink, uint64_t piece_bytes = kPieceBytes)
      : sink_(sink), piece_bytes_(piece_bytes) {}

  // Room for bytes [offset, offset + size), to be filled before the next call. From the end of the
  // last room to `offset` there are zeros. REQUIRES: offset is not before that end.
  std::span<uint8_t> At(uint64_t offset, uint64_t size);

  // Hands over what is left, and zeros up to `size` bytes in all.
  absl::Status Finish(uint64_t size);

  const absl::Status& status() const { return status_; }
  // Spent in the sink.
  double waiting_seconds() const { return waiting_seconds_; }
  // The most bytes held at any time.
  uint64_t held_bytes() const { return buffer_.size(); }

 private:
  void HandOver(uint64_t least);
  void Put(std::span<const uint8_t> piece);

  PieceSink& sink_;
  uint64_t piece_bytes_;
  SecureBuffer buffer_;
  uint64_t begin_ = 0;  // what the first byte of the buffer is of the whole
  uint64_t used_ = 0;   // of the buffer
  absl::Status status_;
  double waiting_seconds_ = 0;
};

// P2. Holds what lies across a border of pieces; the piece is the source's.
class CorrectionReader {
 public:
  // `source` outlives the reader.
  explicit CorrectionReader(PieceSource& source) : source_(source) {}

  // Bytes [offset, offset + size), valid until the next call. REQUIRES: offset is not before the
  // end of what was read.
  std::span<const uint8_t> At(uint64_t offset, uint64_t size);

  const absl::Status& status() const { return status_; }
  // Spent in the source.
  double waiting_seconds() const { return waiting_seconds_; }
  // The most bytes held at any time, the source's aside.
  uint64_t held_bytes() const { return across_.size(); }

 private:
  void Load();
  // The next bytes, as many of `size` as the piece has.
  std::span<const uint8_t> Take(uint64_t size);

  PieceSource& source_;
  std::span<const uint8_t> piece_;  // what is left of it
  SecureBuffer across_;
  uint64_t position_ = 0;
  absl::Status status_;
  double waiting_seconds_ = 0;
};

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_CORRECTION_STREAM_H_

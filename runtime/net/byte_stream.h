// SPDX-License-Identifier: Apache-2.0
// What frames travel over: bytes both ways, never waiting.
#ifndef MPCC_RUNTIME_NET_BYTE_STREAM_H_
#define MPCC_RUNTIME_NET_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace mpcc {

// What one attempt did. One of: bytes > 0; wants != 0 (nothing moved, try again after poll()
// reports these events); status not OK (final, its text continues "party P2 ..."); nothing at all
// when nothing was left to do.
struct IoResult {
  size_t bytes = 0;
  short wants = 0;
  absl::Status status;
};

// Both calls move bytes from or to `head`, then `body`. After a write that moved nothing the next
// write must offer the same bytes. A stream may keep bytes it has taken for a while: they are on
// their way when unsent() is false, and until then TryWrite with nothing to write sends them.
// Otherwise at least one byte must be offered.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual IoResult TryWrite(std::span<const uint8_t> head, std::span<const uint8_t> body) = 0;
  virtual IoResult TryRead(std::span<uint8_t> head, std::span<uint8_t> body) = 0;
  virtual bool unsent() const { return false; }
  // Whether the peer has closed, and nothing that it sent is left to read.
  virtual bool Ended() = 0;
  virtual int fd() const = 0;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_BYTE_STREAM_H_

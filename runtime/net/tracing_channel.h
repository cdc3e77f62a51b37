// SPDX-License-Identifier: Apache-2.0
// A channel that shows every message it carries to a sink: for tests that compare transcripts.
// Transcripts hold masked values only, but they belong in tests, not in logs.
#ifndef MPCC_RUNTIME_NET_TRACING_CHANNEL_H_
#define MPCC_RUNTIME_NET_TRACING_CHANNEL_H_

#include <functional>
#include <memory>

#include "mpcc/channel.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {

enum class Direction { kSent, kReceived };

// Called after each successful transfer, first for the message sent, then for the one received.
using TraceSink = std::function<void(Direction, std::span<const uint8_t>)>;

// `inner` and what `sink` refers to must outlive the use of the result, which owns `inner`.
std::unique_ptr<Channel> MakeTracingChannel(std::unique_ptr<Channel> inner, TraceSink sink);

// A sink that keeps one hash of each direction, messages' lengths included.
class TranscriptHash {
 public:
  TraceSink Sink();  // refers to *this

  // The digest of all messages in one direction since the start or the last call for it.
  Sha256Digest Take(Direction direction);

 private:
  Sha256 sent_, received_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TRACING_CHANNEL_H_

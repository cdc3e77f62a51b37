// SPDX-License-Identifier: Apache-2.0
// The wire format: a message is its length (4 bytes, little endian) and its bytes. Before it may
// come empty frames, which keep a connection alive.
#ifndef MPCC_RUNTIME_NET_FRAME_H_
#define MPCC_RUNTIME_NET_FRAME_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "mpcc/wait_options.h"
#include "runtime/net/byte_stream.h"

namespace mpcc {

// What a peer may do meanwhile.
enum class Manners {
  kStranger,  // nothing: an empty frame is of a wrong length, wait.peer_timeout is for the whole
  kPeer,      // it may keep the connection alive by empty frames, which are skipped
};

// Who is at the other end.
struct FramePeer {
  ByteStream& stream;
  const std::string& name;  // begins every error
  const WaitOptions& wait;
  Manners manners = Manners::kPeer;
};

// Sends one message and receives one, at once, on the calling thread; either may be empty and is
// then left out. Never deadlocks against a peer that does the same: whichever direction can move,
// moves. Codes as in channel.h.
absl::Status TransferFrames(const FramePeer& peer, std::span<const uint8_t> send,
                            std::span<uint8_t> recv);

// A frame of no bytes, which is no message: whoever reads it knows that the sender is there.
absl::Status SendEmptyFrame(const FramePeer& peer);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_FRAME_H_

// SPDX-License-Identifier: Apache-2.0
// The wire format: a message is its length (4 bytes, little endian) and its bytes.
#ifndef MPCC_RUNTIME_NET_FRAME_H_
#define MPCC_RUNTIME_NET_FRAME_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "mpcc/wait_options.h"
#include "runtime/net/byte_stream.h"

namespace mpcc {

// Sends one message and receives one, at once, on the calling thread; either may be empty and is
// then left out. Never deadlocks against a peer that does the same: whichever direction can move,
// moves. `peer` begins every error; codes as in channel.h.
absl::Status TransferFrames(ByteStream& stream, const std::string& peer,
                            std::span<const uint8_t> send, std::span<uint8_t> recv,
                            const WaitOptions& wait);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_FRAME_H_

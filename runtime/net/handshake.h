// SPDX-License-Identifier: Apache-2.0
// The first round on a channel: do both ends mean to run the same thing?
#ifndef MPCC_RUNTIME_NET_HANDSHAKE_H_
#define MPCC_RUNTIME_NET_HANDSHAKE_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/party.h"

namespace mpcc {

// Raised by every change of the wire format or of the meaning of messages.
inline constexpr uint32_t kWireVersion = 3;
inline constexpr size_t kMaxPurposeBytes = 48;

// What a party holds when it greets.
struct Standing {
  using Instance = std::array<uint8_t, 16>;  // id of a set-up, zeros for none

  Instance current{};      // what it works with
  Instance next{};         // stored, and to take the place of `current` once all parties have it
  uint64_t watermark = 0;  // the highest inference number that it knows of, in `current`

  bool operator==(const Standing&) const = default;
};

struct HandshakeInfo {
  PartyId self;
  PartyId peer;                         // who is expected at the other end
  std::array<uint8_t, 32> plan_set_id;  // of the compilation that made the plans
  std::string purpose;                  // at most kMaxPurposeBytes, for example "deal"
  Standing standing{};
  uint32_t wire_version = kWireVersion;
};

// Exchanges one message of 128 bytes (this size holds for every version) and compares all but what
// the parties hold; the peer's standing. FAILED_PRECONDITION names what differs, both values and
// what to do. Counted in the channel's stats like any message: take them after it to count the
// online phase alone.
absl::StatusOr<Standing> Handshake(Channel& channel, const HandshakeInfo& info);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_HANDSHAKE_H_

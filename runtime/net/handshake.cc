// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {
namespace {

// Message: version (4 bytes, little endian), role, peer's role, 2 zeros, watermark (8 bytes),
// current instance (16 bytes), plan-set id (32 bytes), purpose (48 bytes, padded with zeros), next
// instance (16 bytes).
constexpr size_t kRoleAt = 4, kPeerAt = 5, kWatermarkAt = 8, kCurrentAt = 16, kPlanAt = 32,
                 kPurposeAt = 64, kNextAt = kPurposeAt + kMaxPurposeBytes;
using Message = std::array<uint8_t, 128>;
static_assert(kNextAt + sizeof(Standing::Instance) == sizeof(Message));

Message Encode(const HandshakeInfo& info) {
  Message message{};
  for (int i = 0; i < 4; ++i) message[i] = uint8_t(info.wire_version >> (8 * i));
  message[kRoleAt] = static_cast<uint8_t>(info.self);
  message[kPeerAt] = static_cast<uint8_t>(info.peer);
  for (int i = 0; i < 8; ++i)
    message[kWatermarkAt + i] = uint8_t(info.standing.watermark >> (8 * i));
  std::ranges::copy(info.standing.current, message.begin() + kCurrentAt);
  std::ranges::copy(info.plan_set_id, message.begin() + kPlanAt);
  std::ranges::copy(info.purpose, message.begin() + kPurposeAt);
  std::ranges::copy(info.standing.next, message.begin() + kNextAt);
  return message;
}

Standing StandingIn(const Message& message) {
  Standing standing;
  std::copy_n(message.begin() + kCurrentAt, standing.current.size(), standing.current.begin());
  std::copy_n(message.begin() + kNextAt, standing.next.size(), standing.next.begin());
  for (int i = 0; i < 8; ++i) standing.watermark |= uint64_t{message[kWatermarkAt + i]} << (8 * i);
  return standing;
}

uint32_t Version(const Message& message) {
  return message[0] | message[1] << 8 | message[2] << 16 | uint32_t{message[3]} << 24;
}

std::string Plan(const Message& message) {
  return HexString(std::span(message).subspan<kPlanAt, 32>());
}

// What the peer sent is shown to people: printable letters only.
std::string Purpose(const Message& message) {
  std::string text(message.begin() + kPurposeAt, message.begin() + kNextAt);
  text.resize(std::min(text.size(), text.find('\0')));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return !std::isprint(c); }, '?');
  return text;
}

absl::Status Compare(const Message& ours, const Message& theirs, const std::string& peer) {
  const auto differ = [&](const char* what, const auto& mine, const auto& its, const char* todo) {
    return absl::FailedPreconditionError(
        fmt::format("{} has {} '{}' and this party has '{}': {}", peer, what, its, mine, todo));
  };
  if (Version(ours) != Version(theirs)) {
    return differ("wire version", Version(ours), Version(theirs),
                  "run the same version of mpcc everywhere");
  }
  if (ours[kRoleAt] != theirs[kPeerAt] || ours[kPeerAt] != theirs[kRoleAt]) {
    const auto roles = [](int self, int other) { return fmt::format("P{} to P{}", self, other); };
    return differ("the roles", roles(ours[kRoleAt], ours[kPeerAt]),
                  roles(theirs[kRoleAt], theirs[kPeerAt]), "check the parties' addresses");
  }
  if (Plan(ours) != Plan(theirs)) {
    return differ("plan set", Plan(ours), Plan(theirs),
                  "give all parties the plans of one compilation");
  }
  if (Purpose(ours) != Purpose(theirs)) {
    return differ("purpose", Purpose(ours), Purpose(theirs),
                  "start the parties with the same command");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Standing> Handshake(Channel& channel, const HandshakeInfo& info) {
  if (info.purpose.size() > kMaxPurposeBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the purpose '{}' is longer than {} bytes", info.purpose, kMaxPurposeBytes));
  }
  const Message ours = Encode(info);
  Message theirs{};
  MPCC_RETURN_IF_ERROR(channel.Exchange(ours, theirs));
  MPCC_RETURN_IF_ERROR(Compare(ours, theirs, channel.peer()));
  return StandingIn(theirs);
}

}  // namespace mpcc

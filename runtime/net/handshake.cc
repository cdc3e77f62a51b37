// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {
namespace {

// Message: version (4 bytes, little endian), role, peer's role, 26 zeros, plan-set id (32 bytes),
// purpose (64 bytes, padded with zeros).
constexpr size_t kRoleAt = 4, kPeerAt = 5, kPlanAt = 32, kPurposeAt = 64;
using Message = std::array<uint8_t, 128>;

Message Encode(const HandshakeInfo& info) {
  Message message{};
  for (int i = 0; i < 4; ++i) message[i] = uint8_t(info.wire_version >> (8 * i));
  message[kRoleAt] = static_cast<uint8_t>(info.self);
  message[kPeerAt] = static_cast<uint8_t>(info.peer);
  std::copy(info.plan_set_id.begin(), info.plan_set_id.end(), message.begin() + kPlanAt);
  std::copy(info.purpose.begin(), info.purpose.end(), message.begin() + kPurposeAt);
  return message;
}

uint32_t Version(const Message& message) {
  return message[0] | message[1] << 8 | message[2] << 16 | uint32_t{message[3]} << 24;
}

std::string Plan(const Message& message) {
  return HexString(std::span(message).subspan<kPlanAt, 32>());
}

// What the peer sent is shown to people: printable letters only.
std::string Purpose(const Message& message) {
  std::string text(message.begin() + kPurposeAt, message.end());
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
                  "start the parties with the same command and inference number");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Handshake(Channel& channel, const HandshakeInfo& info) {
  if (info.purpose.size() > kMaxPurposeBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the purpose '{}' is longer than {} bytes", info.purpose, kMaxPurposeBytes));
  }
  const Message ours = Encode(info);
  Message theirs{};
  MPCC_RETURN_IF_ERROR(channel.Exchange(ours, theirs));
  return Compare(ours, theirs, channel.peer());
}

}  // namespace mpcc

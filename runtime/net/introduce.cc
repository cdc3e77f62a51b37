// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/introduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "runtime/base/status_macros.h"
#include "runtime/net/frame.h"
#include "runtime/net/socket_io.h"

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;
using Greeting = std::array<uint8_t, 8>;

Greeting MakeGreeting(PartyId self) {
  return {'m', 'p', 'c', 'c', static_cast<uint8_t>(self), 0, 0, 0};
}

absl::StatusOr<PartyId> ReadGreeting(const Greeting& greeting, const std::string& address) {
  for (PartyId party : kAllParties) {
    if (greeting == MakeGreeting(party)) return party;
  }
  return absl::FailedPreconditionError(
      fmt::format("{} does not greet like an mpcc party: check the address", address));
}

absl::StatusOr<PartyId> ExchangeGreetings(ByteStream& stream, const std::string& address,
                                          PartyId self, const WaitOptions& wait) {
  const Greeting ours = MakeGreeting(self);
  Greeting theirs{};
  const absl::Status status =
      TransferFrames({stream, address, wait, Manners::kStranger}, ours, theirs);
  if (absl::IsDataLoss(status)) {
    return absl::FailedPreconditionError(fmt::format(
        "{} does not greet like an mpcc party: check the address, and give every party the same "
        "tls setting",
        address));
  }
  MPCC_RETURN_IF_ERROR(status);
  return ReadGreeting(theirs, address);
}

// Of the time for the whole introduction, never less than nothing.
std::chrono::milliseconds Left(Clock::time_point begin, const Introduction& introduction) {
  const auto spent = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - begin);
  return std::max(introduction.timeout - spent, std::chrono::milliseconds(0));
}

std::string Names(std::span<const PartyId> parties) {
  std::string names;
  for (PartyId party : parties)
    names += fmt::format("{}{}", names.empty() ? "" : " or ", PartyName(party));
  return names;
}

absl::Status CheckExpected(PartyId party, std::span<const PartyId> expected,
                           const std::string& address) {
  if (std::find(expected.begin(), expected.end(), party) != expected.end()) {
    return absl::OkStatus();
  }
  return absl::UnauthenticatedError(
      fmt::format("{} is party {} where {} is expected: check the parties' addresses, roles and "
                  "certificates",
                  address, PartyName(party), Names(expected)));
}

}  // namespace

absl::StatusOr<IntroducedPeer> Introduce(UniqueFd socket, Side side,
                                         std::span<const PartyId> expected,
                                         const Introduction& introduction) {
  PrepareSocket(socket.get());
  const std::string address = RemoteAddress(socket.get());
  const auto begin = Clock::now();
  const auto wait = [&] {
    return WaitOptions{.spin = {}, .peer_timeout = Left(begin, introduction)};
  };
  std::unique_ptr<ByteStream> stream;
  std::optional<PartyId> certified;
  if (introduction.tls != nullptr) {
    MPCC_ASSIGN_OR_RETURN(TlsPeer peer,
                          StartTls(std::move(socket), side, *introduction.tls, address, wait()));
    certified = peer.party;
    stream = std::move(peer.stream);
    MPCC_RETURN_IF_ERROR(CheckExpected(*certified, expected, address));
  } else {
    stream = MakeTcpStream(std::move(socket));
  }
  MPCC_ASSIGN_OR_RETURN(const PartyId party,
                        ExchangeGreetings(*stream, address, introduction.self, wait()));
  if (certified && party != *certified) {
    return absl::UnauthenticatedError(
        fmt::format("{} calls itself party {} but has the certificate of {}", address,
                    PartyName(party), PartyName(*certified)));
  }
  MPCC_RETURN_IF_ERROR(CheckExpected(party, expected, address));
  std::string name = fmt::format("party {} ({})", PartyName(party), address);
  return IntroducedPeer{party, std::make_unique<StreamChannel>(std::move(name), std::move(stream),
                                                               introduction.wait)};
}

}  // namespace mpcc

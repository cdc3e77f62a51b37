// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/handshake.h"

namespace mpcc::session {
namespace {

constexpr uint64_t kMemory = 256'000'000, kLeastWindow = 16 << 20;
// Beside values: messages under way, scratch memory of a step, what a process has anyway.
constexpr uint64_t kOther = 16 << 20;

}  // namespace

uint64_t Party::material_window() const {
  if (config_.material_window > 0) return config_.material_window / kPieceBytes;
  uint64_t values = kOther;
  for (const plan::Program& program : plan().plan().programs())
    for (const uint64_t bytes : program.slot_bytes()) values += bytes + bytes / 8;
  return (kMemory - std::min(values, kMemory - kLeastWindow)) / kPieceBytes;
}

absl::StatusOr<Party> Party::Create(PartyId self, PartyConfig config) {
  if (config.plan.party() != self)
    return absl::InvalidArgumentError(fmt::format("the plan is of {}, that of {} is needed",
                                                  PartyName(config.plan.party()), PartyName(self)));
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(config.state_directory));
  return Party(std::move(config));
}

void Party::Log(LogLevel level, const std::string& text) const {
  if (config_.log) config_.log(level, text);
}

absl::StatusOr<PartyState> Party::ExistingState() const {
  auto state = LoadState(directory(), plan());
  if (absl::IsNotFound(state.status()))
    return absl::FailedPreconditionError(
        fmt::format("{}: not set up yet: run `setup` at all three parties first", directory()));
  return state;
}

absl::StatusOr<std::shared_ptr<UsedNumbers>> Party::Numbers(const InstanceId& instance,
                                                            const char* kind) const {
  MPCC_ASSIGN_OR_RETURN(
      UsedNumbers numbers,
      UsedNumbers::Open(fmt::format("{}/{}.{}", directory(), InstanceText(instance), kind)));
  return std::make_shared<UsedNumbers>(std::move(numbers));
}

absl::Status Party::Greet(Channel& channel, PartyId peer, const std::string& purpose) const {
  HandshakeInfo info{self(), peer, {}, purpose};
  std::copy_n(plan().set_id().begin(), info.plan_set_id.size(), info.plan_set_id.begin());
  return Handshake(channel, info);
}

}  // namespace mpcc::session

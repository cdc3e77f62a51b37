// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/memory.h"

namespace mpcc::session {
namespace {

constexpr int kMostThreads = 256;

}  // namespace

uint64_t Party::material_window() const {
  if (config_.material_window > 0) return config_.material_window / kPieceBytes;
  return MaterialWindow(plan().plan());
}

absl::StatusOr<Party> Party::Create(PartyId self, PartyConfig config) {
  if (config.plan.party() != self)
    return absl::InvalidArgumentError(fmt::format("the plan is of {}, that of {} is needed",
                                                  PartyName(config.plan.party()), PartyName(self)));
  if (config.threads < 0 || config.threads > kMostThreads)
    return absl::InvalidArgumentError(
        fmt::format("{} threads; accepted: 0 to {}", config.threads, kMostThreads));
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(config.state_directory));
  MPCC_ASSIGN_OR_RETURN(auto lock, DirectoryLock::Take(config.state_directory));
  return Party(std::move(config), std::move(lock));
}

void Party::Log(LogLevel level, const std::string& text) const {
  if (config_.log) config_.log(level, text);
}

void Party::WarnOfUnlockedSeeds() {
  if (!SecureBuffer::LockingWasRefused() || std::exchange(warned_, true)) return;
  Log(LogLevel::kWarning,
      "memory of seeds may not be locked (RLIMIT_MEMLOCK) and may be swapped out: allow this user "
      "64 KiB of it, or turn swap off");
}

absl::StatusOr<std::shared_ptr<UsedNumbers>> Party::Numbers(const InstanceId& instance) {
  if (!numbers_ || !(instance_ == instance)) {
    numbers_ = nullptr;
    MPCC_ASSIGN_OR_RETURN(numbers_,
                          UsedNumbers::Open(NumbersPath(directory(), self(), instance), instance));
    instance_ = instance;
  }
  return numbers_;
}

absl::StatusOr<Standing> Party::Greet(Channel* channel, PartyId peer, const std::string& purpose,
                                      const Standing& standing) const {
  if (!channel)
    return absl::InvalidArgumentError(fmt::format("no channel to {} was given", PartyName(peer)));
  HandshakeInfo info{self(), peer, {}, purpose, standing};
  std::copy_n(plan().set_id().begin(), info.plan_set_id.size(), info.plan_set_id.begin());
  return Handshake(*channel, info);
}

}  // namespace mpcc::session

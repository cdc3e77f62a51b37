// SPDX-License-Identifier: Apache-2.0
// What the parties have in common: a plan, a state directory, a stop token and a log.
#ifndef MPCC_RUNTIME_SESSION_PARTY_H_
#define MPCC_RUNTIME_SESSION_PARTY_H_

#include <string>

#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/party_config.h"
#include "runtime/base/pieces.h"
#include "runtime/base/workers.h"
#include "runtime/base/working.h"
#include "runtime/material/directory_lock.h"
#include "runtime/net/handshake.h"
#include "runtime/plan/plan_file.h"
#include "runtime/session/control.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

class Party {
 public:
  // Makes or checks the state directory, and holds its lock. INVALID_ARGUMENT when the plan is of
  // another party, FAILED_PRECONDITION when another process works with the directory.
  static absl::StatusOr<Party> Create(PartyId self, PartyConfig config);

  PartyId self() const { return config_.plan.party(); }
  const std::shared_ptr<const LoadedPlan>& shared_plan() const { return config_.plan.loaded(); }
  const LoadedPlan& plan() const { return *config_.plan.loaded(); }
  const std::string& directory() const { return config_.state_directory; }
  const std::stop_token& stop() const { return config_.stop; }
  const TraceSink& trace() const { return config_.trace; }
  const ProgressSink& progress() const { return config_.progress; }
  // For sessions that may outlive the party.
  const DirectoryLock::Ptr& lock() const { return lock_; }
  // PartyConfig's, kNoLimit for none.
  uint64_t max_inferences() const {
    return config_.max_inferences > 0 ? config_.max_inferences : kNoLimit;
  }
  bool tells_times() const { return config_.tells_times; }
  bool deals_ahead() const { return config_.deals_ahead; }
  // Of PartyConfig::threads, shared by all sessions.
  const std::shared_ptr<Workers>& workers() const { return workers_; }
  // In pieces: PartyConfig's, or what it stands for.
  uint64_t material_window() const;
  void Log(LogLevel level, const std::string& text) const;
  // Once, if the system did not lock the memory of seeds.
  void WarnOfUnlockedSeeds();

  // The record of an instance's numbers, one for all sessions; errors as of UsedNumbers::Open.
  absl::StatusOr<std::shared_ptr<UsedNumbers>> Numbers(const InstanceId& instance);

  // The handshake that both ends mean to do `purpose`; what the peer holds. INVALID_ARGUMENT for a
  // null channel.
  absl::StatusOr<Standing> Greet(Channel* channel, PartyId peer, const std::string& purpose,
                                 const Standing& standing) const;

 private:
  Party(PartyConfig config, DirectoryLock::Ptr lock)
      : config_(std::move(config)),
        lock_(std::move(lock)),
        workers_(
            std::make_shared<Workers>(config_.threads > 0 ? config_.threads : UsualThreads())) {}

  PartyConfig config_;
  DirectoryLock::Ptr lock_;
  std::shared_ptr<Workers> workers_;
  bool warned_ = false;  // of unlocked seeds
  InstanceId instance_;  // of numbers_
  std::shared_ptr<UsedNumbers> numbers_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PARTY_H_

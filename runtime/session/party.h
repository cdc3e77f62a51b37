// SPDX-License-Identifier: Apache-2.0
// What the parties have in common: a plan, a state directory, a stop token and a log.
#ifndef MPCC_RUNTIME_SESSION_PARTY_H_
#define MPCC_RUNTIME_SESSION_PARTY_H_

#include <string>

#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/party_config.h"
#include "runtime/base/pieces.h"
#include "runtime/plan/plan_file.h"
#include "runtime/session/party_state.h"

namespace mpcc::session {

class Party {
 public:
  // Makes or checks the state directory. INVALID_ARGUMENT when the plan is of another party.
  static absl::StatusOr<Party> Create(PartyId self, PartyConfig config);

  PartyId self() const { return config_.plan.party(); }
  const std::shared_ptr<const LoadedPlan>& shared_plan() const { return config_.plan.loaded(); }
  const LoadedPlan& plan() const { return *config_.plan.loaded(); }
  const std::string& directory() const { return config_.state_directory; }
  const std::stop_token& stop() const { return config_.stop; }
  // In pieces: PartyConfig's, or what it stands for.
  uint64_t material_window() const;
  void Log(LogLevel level, const std::string& text) const;

  // The state of an earlier set-up; FAILED_PRECONDITION says how to get one.
  absl::StatusOr<PartyState> ExistingState() const;

  // The file of an instance's numbers, `kind` being "used" or "dealt".
  absl::StatusOr<std::shared_ptr<UsedNumbers>> Numbers(const InstanceId& instance,
                                                       const char* kind) const;

  // The handshake that both ends mean to do `purpose`. With a state: with the same instance.
  absl::Status Greet(Channel& channel, PartyId peer, const std::string& purpose) const;
  absl::Status Greet(Channel& channel, PartyId peer, const std::string& purpose,
                     const PartyState& state) const {
    return Greet(channel, peer, purpose + " " + InstanceText(state.instance));
  }

 private:
  explicit Party(PartyConfig config) : config_(std::move(config)) {}

  PartyConfig config_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PARTY_H_

// SPDX-License-Identifier: Apache-2.0
// P2 after set-up: keeps material and takes part in P1's inferences.
#ifndef MPCC_RUNTIME_SESSION_ASSISTANT_H_
#define MPCC_RUNTIME_SESSION_ASSISTANT_H_

#include <memory>
#include <string>

#include "runtime/material/material_store.h"
#include "runtime/session/material_feed.h"
#include "runtime/session/party_state.h"
#include "runtime/session/run_per_program.h"

namespace mpcc::session {

class Assistant {
 public:
  static absl::StatusOr<Assistant> Create(std::shared_ptr<const LoadedPlan> plan, PartyState state,
                                          const std::string& directory);

  // Stores what P0's `deal` sends until it ends; the number of inferences.
  absl::StatusOr<int> StoreDealt(Channel& p0);

  // Answers P1's requests until it ends. Material comes from `feed`, or from the store when it is
  // null. Its number is marked as spent, durably, before P1 hears of it.
  absl::Status Serve(Channel& p1, MaterialFeed* feed);

 private:
  Assistant(RunPerProgram<engine::AssistantRun> runs, PartyState state, MaterialStore store)
      : runs_(std::move(runs)), state_(std::move(state)), store_(std::move(store)) {}
  absl::StatusOr<FedMaterial> TakeMaterial(int program, MaterialFeed* feed);
  absl::Status RunOne(Channel& p1, int program, MaterialFeed* feed);

  RunPerProgram<engine::AssistantRun> runs_;
  PartyState state_;
  MaterialStore store_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_ASSISTANT_H_

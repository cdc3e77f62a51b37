// SPDX-License-Identifier: Apache-2.0
// P2 after set-up: keeps material and takes part in P1's inferences.
#ifndef MPCC_RUNTIME_ENGINE_ASSISTANT_H_
#define MPCC_RUNTIME_ENGINE_ASSISTANT_H_

#include <memory>
#include <string>

#include "runtime/engine/executor.h"
#include "runtime/engine/material_feed.h"
#include "runtime/engine/party_state.h"
#include "runtime/material/material_store.h"

namespace mpcc {

class Assistant {
 public:
  static absl::StatusOr<Assistant> Create(std::shared_ptr<const LoadedPlan> plan, PartyState state,
                                          const std::string& directory);

  // Stores what P0's `deal` sends until it ends; the number of inferences.
  absl::StatusOr<int> StoreDealt(Channel& p0);

  // Answers P1's requests until it ends, or one request only. Material comes from `feed`, or from
  // the store when it is null. Its number is marked as spent, durably, before P1 hears of it.
  absl::Status Serve(Channel& p1, MaterialFeed* feed, bool once = false);

 private:
  Assistant(std::unique_ptr<Executor> executor, PartyState state, MaterialStore store)
      : executor_(std::move(executor)), state_(std::move(state)), store_(std::move(store)) {}
  absl::StatusOr<FedMaterial> TakeMaterial(int program, MaterialFeed* feed);
  absl::Status RunOne(Channel& p1, int program, MaterialFeed* feed);

  std::unique_ptr<Executor> executor_;
  PartyState state_;
  MaterialStore store_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_ASSISTANT_H_

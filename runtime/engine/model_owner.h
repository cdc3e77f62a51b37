// SPDX-License-Identifier: Apache-2.0
// P0 after set-up: deals the material of inferences to P2.
#ifndef MPCC_RUNTIME_ENGINE_MODEL_OWNER_H_
#define MPCC_RUNTIME_ENGINE_MODEL_OWNER_H_

#include <memory>
#include <string>

#include "runtime/engine/control.h"
#include "runtime/engine/executor.h"
#include "runtime/engine/party_state.h"
#include "runtime/material/used_numbers.h"

namespace mpcc {

class ModelOwner {
 public:
  static absl::StatusOr<ModelOwner> Create(std::shared_ptr<const LoadedPlan> plan, PartyState state,
                                           const std::string& directory);

  // Deals one inference under a number never used before (marked durably first) and sends it.
  absl::StatusOr<RunStats> DealOne(Channel& p2, int program);

  // Deals `count` inferences for P2's store and ends.
  absl::Status DealToStore(Channel& p2, int program, int count);

  // Answers P2's requests until it ends.
  absl::Status Serve(Channel& p2);

 private:
  ModelOwner(std::unique_ptr<Executor> executor, PartyState state, UsedNumbers dealt)
      : executor_(std::move(executor)), state_(std::move(state)), dealt_(std::move(dealt)) {}

  std::unique_ptr<Executor> executor_;
  PartyState state_;
  UsedNumbers dealt_;
  SecureBuffer corrections_;  // of the last deal, kept for its memory
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_MODEL_OWNER_H_

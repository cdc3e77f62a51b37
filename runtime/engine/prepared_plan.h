// SPDX-License-Identifier: Apache-2.0
// A party's plan with all that is done once: steps with their code and shapes, places in the
// material, weights in the layout of the kernels.
#ifndef MPCC_RUNTIME_ENGINE_PREPARED_PLAN_H_
#define MPCC_RUNTIME_ENGINE_PREPARED_PLAN_H_

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/engine/step.h"

namespace mpcc::engine {

// Immutable: any number of runs in any number of threads share one.
class PreparedPlan {
 public:
  using Ptr = std::shared_ptr<const PreparedPlan>;

  // P0. INVALID_ARGUMENT for the plan of another party, in all three.
  static absl::StatusOr<Ptr> ForModelOwner(std::shared_ptr<const LoadedPlan> plan);
  // P1: weight shares from the set-up generator of P0 and P1.
  static absl::StatusOr<Ptr> ForDataOwner(std::shared_ptr<const LoadedPlan> plan, Prg k01);
  // P2: weight shares from P0's corrections. INVALID_ARGUMENT when they have another size than
  // SetupBytes (weights.h) says.
  static absl::StatusOr<Ptr> ForAssistant(std::shared_ptr<const LoadedPlan> plan,
                                          std::span<const uint8_t> corrections);

  const LoadedPlan& loaded() const { return *plan_; }
  const plan::Plan& plan() const { return plan_->plan(); }
  const plan::Program& program(int index) const { return plan().programs(index); }
  PartyId self() const { return static_cast<PartyId>(plan().party()); }

  std::span<const PreparedStep> steps(int program) const { return steps_[program]; }
  const WeightTable& weights() const { return weights_; }

 private:
  PreparedPlan(std::shared_ptr<const LoadedPlan> plan, WeightTable weights);

  std::shared_ptr<const LoadedPlan> plan_;
  WeightTable weights_;
  std::vector<std::vector<PreparedStep>> steps_;  // by program
};

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_PREPARED_PLAN_H_

// SPDX-License-Identifier: Apache-2.0
// Runs the programs of one party's plan.
#ifndef MPCC_RUNTIME_ENGINE_EXECUTOR_H_
#define MPCC_RUNTIME_ENGINE_EXECUTOR_H_

#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/engine/run_stats.h"
#include "runtime/engine/step_context.h"
#include "runtime/engine/weights.h"

namespace mpcc {

// Keeps weights prepared and buffers allocated between runs. Not thread-safe: one run at a time.
class Executor {
 public:
  // `weights` as weights.h makes them for this plan's party.
  Executor(std::shared_ptr<const LoadedPlan> plan, WeightTable weights);
  ~Executor();

  const plan::Plan& plan() const { return plan_->plan(); }
  PartyId self() const { return static_cast<PartyId>(plan().party()); }

  // P0: writes the corrections of one inference, exactly Program.material_size bytes.
  absl::StatusOr<RunStats> Deal(int program, Prg k01, Prg k02, std::span<uint8_t> corrections);

  // P1: computes what comes before the first message and forgets it: inputs that the program
  // refuses are refused here, before anybody is asked to take part.
  absl::Status CheckInputs(int program, const NamedTensors& inputs);

  // P1: one inference with P2 at the other end of `peer`. INVALID_ARGUMENT for inputs that do not
  // fit comes before any message. INTERNAL when the measured cost is not the plan's.
  absl::StatusOr<RunStats> RunDataOwner(int program, Prg k01, Channel& peer,
                                        const NamedTensors& inputs, NamedTensors* outputs);

  // P2: the same with the corrections of this inference.
  absl::StatusOr<RunStats> RunAssistant(int program, Prg k02, Channel& peer,
                                        std::span<const uint8_t> corrections);

  // For tests only.
  void SetObserver(WireObserver observer) { observer_ = std::move(observer); }

 private:
  struct Prepared;
  Prepared& PreparedProgram(int program);
  absl::StatusOr<RunStats> Run(int program, RunContext& context);
  absl::Status RunStep(const Prepared& prepared, size_t index, RunContext& context,
                       RunStats* stats);
  void Observe(const PreparedStep& step, RunContext& context);

  std::shared_ptr<const LoadedPlan> plan_;
  WeightTable weights_;
  Arena arena_;
  std::vector<std::unique_ptr<Prepared>> prepared_;  // by program, made at its first use
  WireObserver observer_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_EXECUTOR_H_

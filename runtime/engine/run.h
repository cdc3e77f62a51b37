// SPDX-License-Identifier: Apache-2.0
// Runs of one program of a prepared plan, one class for each party. A run keeps its wires and
// buffers: used again for the next inference, it allocates nothing. Not thread-safe; any number of
// runs share a plan.
#ifndef MPCC_RUNTIME_ENGINE_RUN_H_
#define MPCC_RUNTIME_ENGINE_RUN_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/run_stats.h"
#include "runtime/engine/prepared_plan.h"

namespace mpcc::engine {

// What the three have in common.
class Run {
 public:
  const PreparedPlan& plan() const { return *plan_; }
  const plan::Program& program() const { return plan_->program(program_); }

  // Called with the index of each layer that a run comes to, before its first step.
  void OnLayer(std::function<void(uint32_t)> call) { on_layer_ = std::move(call); }

  // For tests only.
  void SetObserver(WireObserver observer) { observer_ = std::move(observer); }

 protected:
  // `workers` share its steps; null: it is alone. REQUIRES: the plan has the program.
  Run(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers);

  // For a run with these keys; null for one that the party does not have.
  RunContext Context(Prg* k01 = nullptr, Prg* k02 = nullptr);
  std::span<const PreparedStep> steps() const { return plan_->steps(program_); }

  // Forgets what was measured.
  void Restart();
  // Executes steps [first, last). An error names the step.
  absl::Status Execute(RunContext& context, size_t first, size_t last);
  // What was measured since Restart. INTERNAL when P1's or P2's cost is not the plan's.
  // `material_seconds` of them were spent waiting for material.
  absl::StatusOr<RunStats> Measured(double material_seconds) const;

 private:
  absl::Status RunStep(RunContext& context, const PreparedStep& step);
  void Observe(const PreparedStep& step);
  void TellLayer(uint32_t layer);

  PreparedPlan::Ptr plan_;
  int program_;
  WireTable wires_;
  protocol::Arena arena_;
  std::optional<protocol::Crew> crew_;
  RunStats stats_;
  WireObserver observer_;
  std::function<void(uint32_t)> on_layer_;
  uint32_t layers_told_ = 0;
};

// P0: deals one inference.
class DealRun : public Run {
 public:
  DealRun(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers = nullptr)
      : Run(std::move(plan), program, std::move(workers)) {}

  // Writes the corrections, Program.material_size bytes, in pieces of `piece_bytes`; holds one of
  // them. The sink's errors.
  absl::StatusOr<RunStats> Deal(Prg k01, Prg k02, PieceSink& corrections,
                                uint64_t piece_bytes = kPieceBytes);
};

// P1: Begin, then Finish.
class DataOwnerRun : public Run {
 public:
  DataOwnerRun(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers = nullptr);

  // Computes what comes before the first message. INVALID_ARGUMENT for inputs that the program
  // refuses, before anybody is asked to take part. `inputs` may go away afterwards.
  absl::Status Begin(const NamedTensors& inputs);

  // The rest, with P2 at the other end of `peer`. FAILED_PRECONDITION without inputs; the channel's
  // errors; INTERNAL when the measured cost is not the plan's. The inputs are used up.
  absl::StatusOr<RunStats> Finish(Prg k01, Channel& peer);

  // The results of Finish.
  const NamedTensors& outputs() const { return outputs_; }

 private:
  size_t prologue_;  // steps before the first that needs P2
  bool begun_ = false;
  NamedTensors outputs_;
};

// P2: takes part in one inference.
class AssistantRun : public Run {
 public:
  AssistantRun(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers = nullptr)
      : Run(std::move(plan), program, std::move(workers)) {}

  // With the corrections of this inference, Program.material_size bytes in pieces of any size, and
  // P1 at the other end of `peer`. The source's errors, before anything is sent that depends on
  // what did not come; others as for P1.
  absl::StatusOr<RunStats> Assist(Prg k02, Channel& peer, PieceSource& corrections);
};

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_RUN_H_

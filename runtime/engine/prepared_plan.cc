// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/prepared_plan.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"
#include "runtime/engine/weights.h"
#include "runtime/plan/program_cost.h"

namespace mpcc::engine {
namespace {

std::vector<PreparedStep> PrepareSteps(const LoadedPlan& plan, const plan::Program& program) {
  const auto self = static_cast<PartyId>(plan.plan().party());
  std::vector<PreparedStep> steps;
  uint64_t offset = 0;
  for (const plan::Step& step : program.steps()) {
    PreparedStep prepared;
    prepared.step = &step;
    prepared.info = FindOpcode(step.opcode());
    prepared.row = FindStepRow(self, step.opcode());
    for (const PackedVector& vector : DealtVectorsOf(plan.plan(), program, step)) {
      prepared.corrections.push_back(offset);
      offset += vector.MaterialBytes();
    }
    if (prepared.row->prepare) prepared.state = prepared.row->prepare({plan, program, step});
    steps.push_back(std::move(prepared));
  }
  return steps;
}

absl::Status CheckParty(const LoadedPlan& plan, PartyId party) {
  if (plan.plan().party() == static_cast<uint32_t>(PartyIndex(party))) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("this is the plan of P{}, that of {} is needed",
                                                plan.plan().party(), PartyName(party)));
}

}  // namespace

PreparedPlan::PreparedPlan(std::shared_ptr<const LoadedPlan> plan, WeightTable weights)
    : plan_(std::move(plan)), weights_(std::move(weights)) {
  for (const plan::Program& program : plan_->plan().programs())
    steps_.push_back(PrepareSteps(*plan_, program));
}

absl::StatusOr<PreparedPlan::Ptr> PreparedPlan::ForModelOwner(
    std::shared_ptr<const LoadedPlan> plan) {
  MPCC_RETURN_IF_ERROR(CheckParty(*plan, PartyId::kP0));
  WeightTable weights = WeightsOfModelOwner(*plan);
  return Ptr(new PreparedPlan(std::move(plan), std::move(weights)));
}

absl::StatusOr<PreparedPlan::Ptr> PreparedPlan::ForDataOwner(std::shared_ptr<const LoadedPlan> plan,
                                                             Prg k01) {
  MPCC_RETURN_IF_ERROR(CheckParty(*plan, PartyId::kP1));
  WeightTable weights = WeightSharesOfDataOwner(*plan, k01);
  return Ptr(new PreparedPlan(std::move(plan), std::move(weights)));
}

absl::StatusOr<PreparedPlan::Ptr> PreparedPlan::ForAssistant(std::shared_ptr<const LoadedPlan> plan,
                                                             std::span<const uint8_t> corrections) {
  MPCC_RETURN_IF_ERROR(CheckParty(*plan, PartyId::kP2));
  if (const uint64_t bytes = SetupBytes(plan->plan()); corrections.size() != bytes)
    return absl::InvalidArgumentError(
        fmt::format("{} bytes of weight shares, the plan needs {}", corrections.size(), bytes));
  WeightTable weights = WeightSharesOfAssistant(*plan, corrections);
  return Ptr(new PreparedPlan(std::move(plan), std::move(weights)));
}

}  // namespace mpcc::engine

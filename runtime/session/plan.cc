// SPDX-License-Identifier: Apache-2.0
#include "mpcc/plan.h"

#include "runtime/base/status_macros.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/program_cost.h"
#include "runtime/plan/signature.h"

namespace mpcc {
namespace {

ProgramInfo InfoOf(const plan::Program& program) {
  ProgramInfo info;
  info.sequence_length = program.sequence_length();
  info.exact_length = program.exact_length();
  for (const PlanInput& input : InputsOf(program))
    info.inputs.push_back({input.name,
                           input.type == plan::F32 ? ElementType::kF32 : ElementType::kI64,
                           {input.shape.begin(), input.shape.end()}});
  for (const PlanResult& result : ResultsOf(program))
    info.outputs.push_back({result.name, {result.shape.begin(), result.shape.end()}});
  for (const plan::Layer& layer : program.layers())
    info.layers.push_back({layer.name(), CostFromProto(layer.cost())});
  info.cost = CostFromProto(program.cost());
  return info;
}

}  // namespace

absl::StatusOr<Plan> Plan::Open(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(auto loaded, LoadedPlan::Open(path));
  return Plan(std::move(loaded));
}

Plan::Plan(std::shared_ptr<const LoadedPlan> loaded) : loaded_(std::move(loaded)) {
  std::vector<ProgramInfo> programs;
  for (const plan::Program& program : loaded_->plan().programs())
    programs.push_back(InfoOf(program));
  programs_ = std::make_shared<const std::vector<ProgramInfo>>(std::move(programs));
}

PartyId Plan::party() const { return static_cast<PartyId>(loaded_->plan().party()); }

const std::string& Plan::tokenizer() const { return loaded_->plan().tokenizer(); }

}  // namespace mpcc

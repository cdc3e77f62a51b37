// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/program_cost.h"

#include <algorithm>
#include <set>
#include <utility>

#include "runtime/plan/layout.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/shape_rules.h"

namespace mpcc {
std::vector<PackedVector> DealtVectorsOf(const plan::Plan& plan, const plan::Program& program,
                                         const plan::Step& step) {
  const OpcodeInfo& info = *FindOpcode(step.opcode());
  if (info.family != OpcodeFamily::kDealt) return {};
  DealtResult result = DealtResultOf(plan, program, step);
  if (!result.vectors.empty()) return std::move(result.vectors);
  return DealtVectors(*info.cost, ElementCount(result.shape), static_cast<int>(result.width),
                      result.index_bits);
}

std::vector<PackedVector> ExchangedVectorsOf(const plan::Program& program, const plan::Step& step) {
  std::vector<PackedVector> vectors;
  if (FindOpcode(step.opcode())->family != OpcodeFamily::kExchange) return vectors;
  const auto is_share = [&](uint32_t wire) { return program.wires(wire).kind() != plan::LOCAL; };
  const bool inputs = std::ranges::any_of(step.inputs(), is_share);
  for (uint32_t wire : inputs ? step.inputs() : step.outputs())
    vectors.push_back(
        {ElementCount(program.wires(wire)), static_cast<int>(program.wires(wire).width())});
  return vectors;
}

Cost StepCost(const plan::Plan& plan, const plan::Program& program, const plan::Step& step) {
  const OpcodeInfo& info = *FindOpcode(step.opcode());
  if (info.family == OpcodeFamily::kExchange)
    return ExchangeCost(*info.cost, ExchangedVectorsOf(program, step));
  return DealtCost(DealtVectorsOf(plan, program, step));
}

ProgramCosts CostsOf(const plan::Plan& plan, const plan::Program& program) {
  ProgramCosts costs;
  costs.layers.resize(program.layers_size());
  std::set<uint32_t> seen;
  for (const plan::Step& step : program.steps()) {
    Cost cost = StepCost(plan, program, step);
    for (uint32_t index : step.shared()) {
      const plan::SharedConstant& shared = plan.shared_constants(index);
      if (seen.insert(index).second)
        cost.setup_bytes +=
            PackedVector{ElementCount(ShapeOf(shared)), static_cast<int>(shared.width())}
                .MaterialBytes();
    }
    costs.layers[step.layer()] += cost;
    costs.total += cost;
  }
  return costs;
}

std::vector<plan::Correction> CorrectionsOf(const plan::Plan& plan, const plan::Program& program) {
  std::vector<plan::Correction> corrections;
  uint64_t offset = 0;
  for (const plan::Step& step : program.steps()) {
    const std::vector<PackedVector> vectors = DealtVectorsOf(plan, program, step);
    for (size_t i = 0; i < vectors.size(); ++i) {
      plan::Correction& correction = corrections.emplace_back();
      correction.set_stream(step.streams(i));
      correction.set_width(vectors[i].width);
      correction.set_elements(vectors[i].elements);
      correction.set_offset(plan.party() == 1 ? 0 : offset);
      offset += vectors[i].MaterialBytes();
    }
  }
  return corrections;
}

Cost CostFromProto(const plan::Cost& cost) {
  return {cost.rounds(),         cost.messages_p1_to_p2(), cost.messages_p2_to_p1(),
          cost.bytes_p1_to_p2(), cost.bytes_p2_to_p1(),    cost.material_bytes(),
          cost.setup_bytes()};
}

plan::Cost CostToProto(const Cost& cost) {
  plan::Cost proto;
  proto.set_rounds(cost.rounds);
  proto.set_messages_p1_to_p2(cost.messages_p1_to_p2);
  proto.set_messages_p2_to_p1(cost.messages_p2_to_p1);
  proto.set_bytes_p1_to_p2(cost.bytes_p1_to_p2);
  proto.set_bytes_p2_to_p1(cost.bytes_p2_to_p1);
  proto.set_material_bytes(cost.material_bytes);
  proto.set_setup_bytes(cost.setup_bytes);
  return proto;
}

void DeclareCosts(const plan::Plan& plan, plan::Program* program) {
  const ProgramCosts costs = CostsOf(plan, *program);
  for (int i = 0; i < program->layers_size(); ++i)
    *program->mutable_layers(i)->mutable_cost() = CostToProto(costs.layers[i]);
  *program->mutable_cost() = CostToProto(costs.total);
  program->set_material_size(costs.total.material_bytes);
  program->clear_corrections();
  for (plan::Correction& correction : CorrectionsOf(plan, *program))
    *program->add_corrections() = std::move(correction);
}

}  // namespace mpcc

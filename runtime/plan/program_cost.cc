// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/program_cost.h"

#include <set>

#include "runtime/plan/layout.h"
#include "runtime/plan/opcodes.h"

namespace mpcc {
namespace {

// A step with its wires at hand.
struct StepView {
  const plan::Plan& plan;
  const plan::Program& program;
  const plan::Step& step;

  const plan::Wire& In(int i) const { return program.wires(step.inputs(i)); }
  bool HasOutput() const { return step.outputs_size() > 0; }
  // Width of the dealt entries: that of the result, or at P0, which has none, that of its table.
  int TableWidth() const {
    return HasOutput() ? program.wires(step.outputs(0)).width()
                       : plan.constants(step.constants(0)).width();
  }
};

uint64_t LastExtent(const plan::Wire& wire) { return wire.shape(wire.shape_size() - 1); }

std::vector<PackedVector> LinearVectors(const StepView& v) {
  const plan::SharedConstant& weight = v.plan.shared_constants(v.step.shared(0));
  const uint64_t rows = ElementCount(v.In(0)) / LastExtent(v.In(0));
  return DealtVectors(Operation::kLinear, rows * weight.shape(1), v.In(0).width());
}

std::vector<PackedVector> MatMulVectors(const StepView& v) {
  const plan::Wire& b = v.In(1);
  const uint64_t columns = v.step.ints(0) ? b.shape(b.shape_size() - 2) : LastExtent(b);
  const uint64_t rows = ElementCount(v.In(0)) / LastExtent(v.In(0));
  return DealtVectors(Operation::kMatMul, rows * columns, b.width());
}

std::vector<PackedVector> DotVectors(const StepView& v) {
  return DealtVectors(Operation::kDot, ElementCount(v.In(0)) / LastExtent(v.In(0)),
                      v.In(0).width());
}

std::vector<PackedVector> ProductVectors(const StepView& v) {
  std::vector<Shape> factors;
  for (int i = 0; i < v.step.inputs_size(); ++i) {
    const auto shape = ShapeOf(v.In(i));
    factors.emplace_back(shape.begin(), shape.end());
  }
  std::optional<Shape> constant;
  if (v.step.ints(0)) constant = Shape(v.step.ints().begin() + 1, v.step.ints().end());
  const int width = factors.empty() ? v.TableWidth() : static_cast<int>(v.In(0).width());
  std::vector<PackedVector> vectors;
  for (const Shape& shape : ProductSubsetShapes(factors, constant))
    vectors.push_back({ElementCount(shape), width});
  return vectors;
}

std::vector<PackedVector> LutVectors(const StepView& v) {
  return DealtVectors(Operation::kLut, ElementCount(v.In(0)), v.TableWidth(), v.step.ints(0));
}

std::vector<PackedVector> Lut2Vectors(const StepView& v) {
  return DealtVectors(Operation::kLut2, ElementCount(v.In(0)), v.TableWidth(),
                      v.In(0).width() + v.In(1).width());
}

std::vector<PackedVector> ExpVectors(const StepView& v) {
  return DealtVectors(Operation::kExp, ElementCount(v.In(0)), v.TableWidth(),
                      v.In(0).width() - v.step.ints(0));
}

std::vector<PackedVector> WrapVectors(const StepView& v) {
  return DealtVectors(Operation::kWrap, ElementCount(v.In(0)), v.step.ints(0));
}

struct DealtRow {
  plan::Opcode opcode;
  std::vector<PackedVector> (*vectors)(const StepView&);
};

constexpr DealtRow kDealt[] = {
    {plan::LINEAR, LinearVectors},   {plan::MATMUL, MatMulVectors}, {plan::DOT, DotVectors},
    {plan::PRODUCT, ProductVectors}, {plan::LUT, LutVectors},       {plan::LUT2, Lut2Vectors},
    {plan::EXP, ExpVectors},         {plan::WRAP, WrapVectors},
};

Operation ExchangeOf(plan::Opcode opcode) {
  if (opcode == plan::INPUT) return Operation::kInput;
  return opcode == plan::RESHARE ? Operation::kReshare : Operation::kReveal;
}

}  // namespace

std::vector<PackedVector> DealtVectorsOf(const plan::Plan& plan, const plan::Program& program,
                                         const plan::Step& step) {
  for (const DealtRow& row : kDealt)
    if (row.opcode == step.opcode()) return row.vectors({plan, program, step});
  return {};
}

std::vector<PackedVector> ExchangedVectorsOf(const plan::Program& program, const plan::Step& step) {
  std::vector<PackedVector> vectors;
  if (step.opcode() != plan::INPUT && step.opcode() != plan::RESHARE &&
      step.opcode() != plan::REVEAL)
    return vectors;
  for (uint32_t wire : step.opcode() == plan::REVEAL ? step.inputs() : step.outputs())
    vectors.push_back(
        {ElementCount(program.wires(wire)), static_cast<int>(program.wires(wire).width())});
  return vectors;
}

Cost StepCost(const plan::Plan& plan, const plan::Program& program, const plan::Step& step) {
  const std::vector<PackedVector> exchanged = ExchangedVectorsOf(program, step);
  if (!exchanged.empty()) return ExchangeCost(ExchangeOf(step.opcode()), exchanged);
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

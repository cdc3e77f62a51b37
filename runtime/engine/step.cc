// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/step.h"

#include "runtime/kernels/packed_bits.h"

namespace mpcc::engine {
namespace {

const StepRow* Find(std::span<const StepRow> rows, plan::Opcode opcode) {
  for (const StepRow& row : rows)
    if (row.opcode == opcode) return &row;
  return nullptr;
}

}  // namespace

ConstRingVector StepContext::InVector(int i, int component) const {
  const uint32_t wire = step().inputs(i);
  if (!IsPacked(wire)) return run.wires.Read(wire, component);
  const ConstBitVector bits = InBits(i, component);
  const RingVector lanes = run.arena.TakeVector(bits.size(), 1);
  kernels::Unpack(bits, lanes);
  return lanes;
}

RingVector StepContext::OutVector(int i, int component) {
  const uint32_t wire = step().outputs(i);
  if (!IsPacked(wire)) return run.wires.Write(wire, component);
  const BitVector bits = OutBits(i, component);
  for (const LanesOfOutput& output : lanes_of_outputs_)
    if (output.bits.data() == bits.data()) return output.lanes;
  return lanes_of_outputs_.emplace_back(bits, run.arena.TakeVector(bits.size(), 1)).lanes;
}

void StepContext::PackOutputs() const {
  for (const LanesOfOutput& output : lanes_of_outputs_) kernels::Pack(output.lanes, output.bits);
}

const StepRow* FindStepRow(PartyId party, plan::Opcode opcode) {
  const bool dealer = party == PartyId::kP0;
  for (const auto rows : {ShareSteps(), StructureSteps(), dealer ? DealSteps() : OnlineSteps()})
    if (const StepRow* row = Find(rows, opcode)) return row;
  return party == PartyId::kP1 ? Find(LocalSteps(), opcode) : nullptr;
}

}  // namespace mpcc::engine

// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/wire_table.h"

#include <algorithm>

namespace mpcc::engine {
namespace {

int BitsOf(plan::ElementType type, uint32_t width) {
  return type == plan::RING ? static_cast<int>(width) : 8 * static_cast<int>(ElementBytes(type, 0));
}

// Wire of each LOCAL_CONSTANT, and its constant.
std::vector<std::pair<uint32_t, uint32_t>> ConstantsOf(const plan::Program& program) {
  std::vector<std::pair<uint32_t, uint32_t>> constants;
  for (const plan::Step& step : program.steps())
    if (step.opcode() == plan::LOCAL_CONSTANT)
      constants.emplace_back(step.outputs(0), step.constants(0));
  return constants;
}

}  // namespace

ConstRingVector ConstantOf(const LoadedPlan& plan, uint32_t index) {
  const plan::Constant& constant = plan.plan().constants(static_cast<int>(index));
  return {plan.Constant(index).data(), ElementCount(ShapeOf(constant)),
          BitsOf(constant.type(), constant.width())};
}

WireTable::WireTable(const LoadedPlan& plan, const plan::Program& program)
    : written_(program.wires_size()), read_(program.wires_size()), bits_(program.wires_size()) {
  const auto constants = ConstantsOf(program);
  for (const auto& [wire, constant] : constants) read_[wire][0] = ConstantOf(plan, constant);
  for (uint64_t size : SlotMemory(program))
    slots_.emplace_back(size ? AlignUp(size) + SecureBuffer::kAlignment : 0);
  for (int i = 0; i < program.wires_size(); ++i) {
    if (!read_[i][0].empty()) continue;
    const plan::Wire& wire = program.wires(i);
    for (int c = 0; c < Components(wire.kind()); ++c) {
      uint8_t* const begin = slots_[wire.slot()].data() + c * ComponentBytes(wire);
      if (HoldsBits(wire)) {
        bits_[i][c] = {begin, ElementCount(wire)};
        continue;
      }
      written_[i][c] = {begin, ElementCount(wire), BitsOf(wire.type(), wire.width())};
      read_[i][c] = written_[i][c];
    }
  }
}

uint64_t WireTable::bytes() const {
  uint64_t sum = 0;
  for (const SecureBuffer& slot : slots_) sum += slot.size();
  return sum;
}

}  // namespace mpcc::engine

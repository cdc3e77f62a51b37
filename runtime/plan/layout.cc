// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/layout.h"

#include "runtime/base/ring.h"

namespace mpcc {
namespace {

template <typename Message>
ShapeView Extents(const Message& message) {
  return {message.shape().data(), static_cast<size_t>(message.shape_size())};
}

}  // namespace

ShapeView ShapeOf(const plan::Wire& wire) { return Extents(wire); }
ShapeView ShapeOf(const plan::Constant& constant) { return Extents(constant); }
ShapeView ShapeOf(const plan::SharedConstant& shared) { return Extents(shared); }

std::span<const int64_t> IntsOf(const plan::Step& step) {
  return {step.ints().data(), static_cast<size_t>(step.ints_size())};
}

uint64_t ElementCount(const plan::Wire& wire) { return ElementCount(ShapeOf(wire)); }

uint64_t ElementBytes(plan::ElementType type, uint32_t width) {
  if (type == plan::F32) return 4;
  if (type == plan::I64) return 8;
  return LaneBytes(static_cast<int>(width));
}

int Components(plan::WireKind kind) { return kind == plan::RSS || kind == plan::MASK ? 2 : 1; }

bool HoldsBits(const plan::Wire& wire) { return wire.type() == plan::RING && wire.width() == 1; }

uint64_t VectorBytes(const plan::Wire& wire) {
  const uint64_t elements = ElementCount(wire);
  return wire.type() == plan::RING ? WireVectorBytes(elements, static_cast<int>(wire.width()))
                                   : elements * ElementBytes(wire.type(), 0);
}

uint64_t ComponentBytes(const plan::Wire& wire) { return AlignUp(VectorBytes(wire)); }

uint64_t WireBytes(const plan::Wire& wire) {
  return Components(wire.kind()) * ComponentBytes(wire);
}

std::vector<uint64_t> SlotMemory(const plan::Program& program) {
  std::vector<bool> constant(program.wires_size());
  for (const plan::Step& step : program.steps())
    if (step.opcode() == plan::LOCAL_CONSTANT) constant[step.outputs(0)] = true;
  std::vector<uint64_t> bytes(program.slot_bytes_size());
  for (int i = 0; i < program.wires_size(); ++i) {
    const auto slot = static_cast<int>(program.wires(i).slot());
    if (!constant[i]) bytes[slot] = program.slot_bytes(slot);
  }
  return bytes;
}

}  // namespace mpcc

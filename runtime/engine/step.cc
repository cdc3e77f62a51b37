// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/step.h"

namespace mpcc::engine {
namespace {

const StepRow* Find(std::span<const StepRow> rows, plan::Opcode opcode) {
  for (const StepRow& row : rows)
    if (row.opcode == opcode) return &row;
  return nullptr;
}

}  // namespace

const StepRow* FindStepRow(PartyId party, plan::Opcode opcode) {
  const bool dealer = party == PartyId::kP0;
  for (const auto rows : {ShareSteps(), StructureSteps(), dealer ? DealSteps() : OnlineSteps()})
    if (const StepRow* row = Find(rows, opcode)) return row;
  return party == PartyId::kP1 ? Find(LocalSteps(), opcode) : nullptr;
}

}  // namespace mpcc::engine

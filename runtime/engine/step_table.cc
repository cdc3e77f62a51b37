// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/step_context.h"

namespace mpcc {
namespace {

StepFunction Find(std::span<const StepRow> rows, plan::Opcode opcode) {
  for (const StepRow& row : rows)
    if (row.opcode == opcode) return row.run;
  return nullptr;
}

}  // namespace

StepFunction FindStepFunction(PartyId party, plan::Opcode opcode) {
  const bool dealer = party == PartyId::kP0;
  for (const auto rows : {ShareSteps(), StructureSteps(), dealer ? DealSteps() : OnlineSteps()})
    if (StepFunction function = Find(rows, opcode)) return function;
  if (party != PartyId::kP1) return nullptr;
  return Find(LocalSteps(), opcode);
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/memory.h"

#include <algorithm>

#include "runtime/base/pieces.h"

namespace mpcc {
namespace {

constexpr uint64_t kMemory = 256'000'000, kLeastWindow = 16 << 20, kOther = 16 << 20;

PredictedMemory WithoutMaterial(const plan::Plan& plan) {
  PredictedMemory memory;
  for (const plan::Program& program : plan.programs())
    for (const uint64_t bytes : program.slot_bytes()) memory.values += bytes;
  memory.other = kOther + memory.values / 8;
  return memory;
}

}  // namespace

uint64_t MaterialWindow(const plan::Plan& plan) {
  return (kMemory - std::min(WithoutMaterial(plan).total(), kMemory - kLeastWindow)) / kPieceBytes;
}

PredictedMemory PredictMemory(const plan::Plan& plan) {
  PredictedMemory memory = WithoutMaterial(plan);
  if (plan.party() == 2) memory.material = MaterialWindow(plan) * kPieceBytes;
  return memory;
}

}  // namespace mpcc

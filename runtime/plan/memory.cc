// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/memory.h"

#include <algorithm>

#include "runtime/base/pieces.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

constexpr uint64_t kMemory = 256'000'000, kLeastWindow = 16 << 20, kOther = 16 << 20;
// A message as it is sent, as it is received, and both on their way through TLS.
constexpr uint64_t kCopies = 4;

uint64_t LargestMessage(const plan::Program& program) {
  uint64_t largest = 0;
  for (const plan::Step& step : program.steps()) {
    uint64_t bytes = 0;
    for (const PackedVector& vector : ExchangedVectorsOf(program, step)) bytes += vector.Bytes();
    largest = std::max(largest, bytes);
  }
  return largest;
}

PredictedMemory WithoutMaterial(const plan::Plan& plan) {
  PredictedMemory memory;
  uint64_t message = 0;
  for (const plan::Program& program : plan.programs()) {
    for (const uint64_t bytes : SlotMemory(program)) memory.values += bytes;
    message = std::max(message, LargestMessage(program));
  }
  memory.other = kOther + memory.values / 8 + kCopies * message;
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

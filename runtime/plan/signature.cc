// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/signature.h"

#include <functional>
#include <numeric>

namespace mpcc {
namespace {

std::vector<int64_t> ShapeOf(const plan::Wire& wire) {
  return {wire.shape().begin(), wire.shape().end()};
}

}  // namespace

int64_t PlanResult::values() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::vector<PlanInput> InputsOf(const plan::Program& program) {
  std::vector<PlanInput> inputs;
  for (const plan::Step& step : program.steps()) {
    if (step.opcode() != plan::LOCAL_ARGUMENT) continue;
    const plan::Wire& wire = program.wires(static_cast<int>(step.outputs(0)));
    inputs.push_back({step.name(), static_cast<InputRole>(step.ints(0)), step.ints(1), wire.type(),
                      ShapeOf(wire)});
  }
  return inputs;
}

std::vector<PlanResult> ResultsOf(const plan::Program& program) {
  std::vector<PlanResult> results;
  for (const plan::Step& step : program.steps())
    if (step.opcode() == plan::LOCAL_OUTPUT)
      results.push_back({step.name(), ShapeOf(program.wires(static_cast<int>(step.inputs(0))))});
  return results;
}

}  // namespace mpcc

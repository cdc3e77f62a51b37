// SPDX-License-Identifier: Apache-2.0
// model-views PLANS SEED VIEWS: are the views of P1 and P2 of so many inferences of the
// first program of compiled plans uniform and independent? On token ids made of the seed.
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "runtime/base/input_role.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/layout.h"
#include "test/privacy/view_maker.h"

namespace mpcc::privacy {
namespace {

int Fail(const std::string& message) {
  std::cerr << "model-views: " << message << "\n";
  return 1;
}

// Ids below 90, masks of ones, types of zeros.
NamedTensors InputsOf(const plan::Program& program, uint64_t seed) {
  std::mt19937_64 random(seed);
  NamedTensors inputs;
  for (const plan::Step& step : program.steps()) {
    if (step.opcode() != plan::LOCAL_ARGUMENT) continue;
    const plan::Wire& wire = program.wires(static_cast<int>(step.outputs(0)));
    const auto role = static_cast<InputRole>(step.ints(0));
    std::vector<int64_t> values(ElementCount(wire), role == InputRole::kMask ? 1 : 0);
    if (role == InputRole::kIds)
      for (int64_t& value : values) value = 1 + static_cast<int64_t>(random() % 89);
    const auto shape = ShapeOf(wire);
    inputs[step.name()] = {{shape.begin(), shape.end()}, std::move(values)};
  }
  return inputs;
}

absl::StatusOr<int> Look(const std::string& folder, uint64_t seed, uint64_t count) {
  Plans plans;
  for (int party = 0; party < 3; ++party) {
    MPCC_ASSIGN_OR_RETURN(plans[party],
                          LoadedPlan::Open(fmt::format("{}/party{}.plan", folder, party)));
  }
  const NamedTensors inputs = InputsOf(plans[1]->plan().programs(0), seed);
  int suspicious = 0;
  for (const int viewer : {1, 2}) {
    ViewMaker maker(plans, viewer);
    Views views(maker.parts(), count);
    for (uint64_t sample = 0; sample < count; ++sample) {
      MPCC_ASSIGN_OR_RETURN(const std::vector<uint8_t> view, maker.View(sample, inputs));
      views.Set(sample, view);
    }
    const std::vector<std::string> found = Suspicions(views);
    std::cout << fmt::format("P{}: {} bits in {} views, {} suspicions\n", viewer, views.bits(),
                             views.count(), found.size());
    for (const std::string& line : found) std::cout << line << "\n";
    suspicious += !found.empty();
  }
  return suspicious;
}

}  // namespace
}  // namespace mpcc::privacy

int main(int argc, char** argv) {
  using mpcc::privacy::Fail;
  if (argc != 4) return Fail("usage: model-views PLANS SEED VIEWS");
  const auto suspicious = mpcc::privacy::Look(argv[1], std::strtoull(argv[2], nullptr, 10),
                                              std::strtoull(argv[3], nullptr, 10));
  return suspicious.ok() ? *suspicious : Fail(std::string(suspicious.status().message()));
}

// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_inspect.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_printer.h"
#include "runtime/plan/signature.h"

namespace mpcc {
namespace {

struct InspectOptions {
  std::string path;
  bool steps = false;
  bool json = false;
  bool opcodes = false;
};

using Json = nlohmann::json;

// The predicted cost under the names of the plan format.
Json CostToJson(const plan::Cost& cost) {
  return {{"rounds", cost.rounds()},
          {"messages_p1_to_p2", cost.messages_p1_to_p2()},
          {"messages_p2_to_p1", cost.messages_p2_to_p1()},
          {"bytes_p1_to_p2", cost.bytes_p1_to_p2()},
          {"bytes_p2_to_p1", cost.bytes_p2_to_p1()},
          {"material_bytes", cost.material_bytes()},
          {"setup_bytes", cost.setup_bytes()}};
}

// What pads an input: a number, "last" for its last number, null for none.
Json PaddingToJson(const plan::Program& program, const PlanInput& input) {
  if (input.role == InputRole::kOther || program.exact_length()) return nullptr;
  return input.role == InputRole::kPositions ? Json("last") : Json(input.pad);
}

Json InputsToJson(const plan::Program& program) {
  Json inputs = Json::array();
  for (const PlanInput& input : InputsOf(program))
    inputs.push_back({{"name", input.name},
                      {"role", std::string(InfoOf(input.role).name)},
                      {"type", input.type == plan::F32 ? "f32" : "i64"},
                      {"shape", input.shape},
                      {"padding", PaddingToJson(program, input)}});
  return inputs;
}

Json ResultsToJson(const plan::Program& program) {
  Json results = Json::array();
  for (const PlanResult& result : ResultsOf(program))
    results.push_back(
        {{"name", result.name}, {"shape", result.shape}, {"values", result.values()}});
  return results;
}

Json PlanToJson(const plan::Plan& plan) {
  Json programs = Json::array();
  for (const plan::Program& program : plan.programs()) {
    Json layers = Json::array();
    for (const plan::Layer& layer : program.layers())
      layers.push_back({{"name", layer.name()}, {"cost", CostToJson(layer.cost())}});
    programs.push_back({{"sequence_length", program.sequence_length()},
                        {"exact_length", program.exact_length()},
                        {"inputs", InputsToJson(program)},
                        {"results", ResultsToJson(program)},
                        {"steps", program.steps_size()},
                        {"cost", CostToJson(program.cost())},
                        {"layers", layers}});
  }
  return {{"party", plan.party()}, {"producer", plan.producer()}, {"programs", programs}};
}

bool Inspect(const InspectOptions& options) {
  if (options.opcodes) {
    fmt::print("{}", OpcodeTable());
    return true;
  }
  if (options.path.empty()) {
    fmt::print(stderr, "error: expected a plan file, or --opcodes\n");
    return false;
  }
  const auto loaded = LoadedPlan::Open(options.path);
  if (!loaded.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(loaded.status().message()));
    return false;
  }
  const plan::Plan& plan = (*loaded)->plan();
  if (options.json) {
    fmt::print("{}\n", PlanToJson(plan).dump());
    return true;
  }
  fmt::print("{}", PlanSummary(plan));
  for (const plan::Program& program : plan.programs()) {
    if (!options.steps) break;
    fmt::print("\nsteps, {} tokens\n{}", program.sequence_length(), ProgramText(program));
  }
  return true;
}

}  // namespace

void AddInspectCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App& command = *app.add_subcommand("inspect", "print what a plan file costs and discloses");
  CLI::Option* plan = command.add_option("plan", options->path, "plan file");
  CLI::Option* steps = command.add_flag("--steps", options->steps, "print every step too");
  command.add_flag("--json", options->json, "inputs, results and costs as JSON")->excludes(steps);
  command.add_flag("--opcodes", options->opcodes, "what steps there are, as a table in Markdown")
      ->excludes(plan);
  command.callback([options, &exit_code] {
    if (!Inspect(*options)) exit_code = 1;
  });
}

}  // namespace mpcc

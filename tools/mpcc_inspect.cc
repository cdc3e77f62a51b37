// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_inspect.h"

#include <fmt/format.h>

#include <memory>

#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_printer.h"

namespace mpcc {
namespace {

struct InspectOptions {
  std::string path;
  bool steps = false;
};

bool Inspect(const InspectOptions& options) {
  const auto loaded = LoadedPlan::Open(options.path);
  if (!loaded.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(loaded.status().message()));
    return false;
  }
  const plan::Plan& plan = (*loaded)->plan();
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
  command.add_option("plan", options->path, "plan file")->required();
  command.add_flag("--steps", options->steps, "print every step too");
  command.callback([options, &exit_code] {
    if (!Inspect(*options)) exit_code = 1;
  });
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_inspect.h"

#include <fmt/format.h>

#include <memory>

#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_printer.h"
#include "tools/inspect_sizing.h"
#include "tools/model_folder.h"
#include "tools/plan_json.h"
#include "tools/prediction_options.h"

namespace mpcc {
namespace {

struct InspectOptions {
  std::string path;
  bool steps = false;
  bool json = false;
  bool opcodes = false;
  bool tokenizer = false;
  PredictionOptions prediction;
};

std::string TimeLine(const std::string& name, const PredictedTime& time) {
  return fmt::format("  {:<12} {:>13.2f} {:>13.2f} {:>13.2f}\n", name, 1e3 * time.online_seconds(),
                     1e3 * time.exchange_seconds, 1e3 * time.offline_seconds);
}

std::string TimeTable(const plan::Plan& plan, const plan::Program& program,
                      const InspectOptions& options) {
  const auto layers =
      PredictLayers(plan, program, *options.prediction.network, options.prediction.machine);
  std::string text = fmt::format("  {:<12} {:>13} {:>13} {:>13}\n", "layer", "online ms",
                                 "exchange ms", "offline ms");
  for (size_t i = 0; i < layers.size(); ++i)
    text += TimeLine(program.layers(static_cast<int>(i)).name(), layers[i]);
  return text + TimeLine("total", SumOf(layers));
}

// The tokenizer that plans of a model's folder get.
bool InspectFolder(const std::string& path) {
  const auto folder = ReadModelFolder(path);
  const auto text = folder.ok() ? TokenizerOf(*folder) : folder.status();
  if (text.ok())
    fmt::print("{}", *text);
  else
    fmt::print(stderr, "error: {}\n", std::string(text.status().message()));
  return text.ok();
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
  if (options.tokenizer && IsFolder(options.path)) return InspectFolder(options.path);
  const auto loaded = LoadedPlan::Open(options.path);
  if (!loaded.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(loaded.status().message()));
    return false;
  }
  const plan::Plan& plan = (*loaded)->plan();
  if (options.tokenizer) {
    fmt::print("{}", plan.tokenizer());
    return true;
  }
  if (options.json) {
    fmt::print("{}\n", PlanToJson(plan, options.prediction).dump());
    return true;
  }
  fmt::print("{}", PlanSummary(plan));
  for (const plan::Program& program : plan.programs())
    if (options.prediction.network)
      fmt::print("\npredicted for {} tokens{}\n{}", program.sequence_length(),
                 options.prediction.machine.seconds_per_unit.empty()
                     ? ", what the network takes alone"
                     : "",
                 TimeTable(plan, program, options));
  for (const plan::Program& program : plan.programs())
    if (options.prediction.rate > 0)
      fmt::print("\nneeded for {:.6g} inferences a minute of {} tokens\n{}",
                 60 * options.prediction.rate, program.sequence_length(),
                 SizingText(plan, program, options.prediction.sizing()));
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
  command
      .add_flag(
          "--tokenizer", options->tokenizer,
          "the tokenizer.json that P1's plan has, or those of a model's folder would get, and "
          "nothing where there is none")
      ->needs(plan);
  options->prediction.AddRateTo(command, options->prediction.AddTo(command));
  command.callback([options, &exit_code] {
    if (!Inspect(*options)) exit_code = 1;
  });
}

}  // namespace mpcc

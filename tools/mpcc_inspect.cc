// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_inspect.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/plan/memory.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_printer.h"
#include "runtime/plan/prediction.h"
#include "runtime/plan/signature.h"
#include "tools/inspect_sizing.h"
#include "tools/machine_profile.h"

namespace mpcc {
namespace {

struct InspectOptions {
  std::string path;
  bool steps = false;
  bool json = false;
  bool opcodes = false;
  std::string machine_path;
  std::optional<NetworkProfile> network;  // to predict times for
  MachineProfile machine;
  double rate = 0;  // inferences a second to size for; 0: none

  SizingQuestion sizing() const { return {rate, network.value(), machine}; }
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

Json TimeToJson(const PredictedTime& time) {
  return {{"online_seconds", time.online_seconds()},
          {"exchange_seconds", time.exchange_seconds},
          {"offline_seconds", time.offline_seconds}};
}

PredictedTime Sum(const std::vector<PredictedTime>& layers) {
  PredictedTime total;
  for (const PredictedTime& layer : layers) total += layer;
  return total;
}

// Adds the times of a program and of its layers, if there is a network to predict them for.
void AddTimes(const plan::Plan& plan, const plan::Program& program, const InspectOptions& options,
              Json& json) {
  if (!options.network) return;
  const auto layers = PredictLayers(plan, program, *options.network, options.machine);
  if (options.rate > 0) json["sizing"] = SizingJson(plan, program, options.sizing());
  json["predicted"] = TimeToJson(Sum(layers));
  for (size_t i = 0; i < layers.size(); ++i) json["layers"][i]["predicted"] = TimeToJson(layers[i]);
}

std::string TimeLine(const std::string& name, const PredictedTime& time) {
  return fmt::format("  {:<12} {:>13.2f} {:>13.2f} {:>13.2f}\n", name, 1e3 * time.online_seconds(),
                     1e3 * time.exchange_seconds, 1e3 * time.offline_seconds);
}

std::string TimeTable(const plan::Plan& plan, const plan::Program& program,
                      const InspectOptions& options) {
  const auto layers = PredictLayers(plan, program, *options.network, options.machine);
  std::string text = fmt::format("  {:<12} {:>13} {:>13} {:>13}\n", "layer", "online ms",
                                 "exchange ms", "offline ms");
  for (size_t i = 0; i < layers.size(); ++i)
    text += TimeLine(program.layers(static_cast<int>(i)).name(), layers[i]);
  return text + TimeLine("total", Sum(layers));
}

Json PlanToJson(const plan::Plan& plan, const InspectOptions& options) {
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
    AddTimes(plan, program, options, programs.back());
  }
  const PredictedMemory memory = PredictMemory(plan);
  return {{"party", plan.party()},
          {"producer", plan.producer()},
          {"memory_bytes",
           {{"values", memory.values}, {"material", memory.material}, {"other", memory.other}}},
          {"programs", programs}};
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
    fmt::print("{}\n", PlanToJson(plan, options).dump());
    return true;
  }
  fmt::print("{}", PlanSummary(plan));
  for (const plan::Program& program : plan.programs())
    if (options.network)
      fmt::print("\npredicted for {} tokens{}\n{}", program.sequence_length(),
                 options.machine.seconds_per_unit.empty() ? ", what the network takes alone" : "",
                 TimeTable(plan, program, options));
  for (const plan::Program& program : plan.programs())
    if (options.rate > 0)
      fmt::print("\nneeded for {:.6g} inferences a minute of {} tokens\n{}", 60 * options.rate,
                 program.sequence_length(), SizingText(plan, program, options.sizing()));
  for (const plan::Program& program : plan.programs()) {
    if (!options.steps) break;
    fmt::print("\nsteps, {} tokens\n{}", program.sequence_length(), ProgramText(program));
  }
  return true;
}

bool ReadMachineOf(InspectOptions& options) {
  if (options.machine_path.empty()) return true;
  const absl::StatusOr<MachineProfile> machine = ReadMachine(options.machine_path);
  if (!machine.ok())
    fmt::print(stderr, "error: {}\n", std::string(machine.status().message()));
  else
    options.machine = *machine;
  return machine.ok();
}

using SetProfile = absl::Status (*)(NetworkProfile&, std::string_view);

CLI::Option* AddNetwork(CLI::App& command, const std::string& name, SetProfile set,
                        InspectOptions& options, const std::string& meaning) {
  return command.add_option_function<std::string>(
      name,
      [&options, name, set](const std::string& text) {
        if (!options.network) options.network.emplace();
        const absl::Status status = set(*options.network, text);
        if (!status.ok()) throw CLI::ValidationError(name, std::string(status.message()));
      },
      meaning);
}

void AddPrediction(CLI::App& command, InspectOptions& options) {
  CLI::Option* network =
      AddNetwork(command, "--net", SetNetwork, options,
                 "predict times on such a network between P1 and P2: rtt=4ms,bw=400mbit, or " +
                     NamedNetworks());
  AddNetwork(command, "--uplink", SetUplink, options, "from P0 to P2: bw=100mbit")->needs(network);
  command
      .add_option("--machine", options.machine_path,
                  "what the machines take for their part, as 'mpcc-local --measure-machine' writes "
                  "it")
      ->needs(network);
  command
      .add_option_function<std::string>(
          "--rate",
          [&options](const std::string& text) {
            const absl::StatusOr<double> rate = ParseRate(text);
            if (!rate.ok())
              throw CLI::ValidationError("--rate", std::string(rate.status().message()));
            options.rate = *rate;
          },
          "tell what so many inferences need of machines and links: 30/min, 2/s, 500/h")
      ->needs(network);
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
  AddPrediction(command, *options);
  command.callback([options, &exit_code] {
    if (!ReadMachineOf(*options) || !Inspect(*options)) exit_code = 1;
  });
}

}  // namespace mpcc

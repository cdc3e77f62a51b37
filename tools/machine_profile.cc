// SPDX-License-Identifier: Apache-2.0
#include "tools/machine_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>

#include "runtime/base/bytes.h"
#include "runtime/base/output_file.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/plan_file.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// Of non-empty numbers.
double Median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

double MedianOf(const std::vector<Json>& stats, const std::function<double(const Json&)>& number) {
  std::vector<double> numbers;
  numbers.reserve(stats.size());
  for (const Json& one : stats) numbers.push_back(number(one));
  return Median(std::move(numbers));
}

// Neither negative, infinite nor anything but a number.
bool IsTime(const Json& value) {
  return value.is_number() && std::isfinite(value.get<double>()) && value.get<double>() >= 0;
}

absl::Status SetTime(const Json& json, const std::string& key, double& time) {
  if (!json.contains(key) || !IsTime(json[key]))
    return absl::InvalidArgumentError(fmt::format("'{}' is no time", key));
  time = json[key];
  return absl::OkStatus();
}

absl::StatusOr<MachineProfile> FromJson(const Json& json) {
  if (!json.is_object() || !json.contains("seconds_per_unit") ||
      !json["seconds_per_unit"].is_object())
    return absl::InvalidArgumentError("it has no 'seconds_per_unit'");
  MachineProfile machine;
  MPCC_RETURN_IF_ERROR(SetTime(json, "seconds_per_exchange", machine.seconds_per_exchange));
  MPCC_RETURN_IF_ERROR(SetTime(json, "deal_seconds_per_byte", machine.deal_seconds_per_byte));
  const Json& units = json["seconds_per_unit"];
  for (const auto& [opcode, time] : units.items())
    MPCC_RETURN_IF_ERROR(SetTime(units, opcode, machine.seconds_per_unit[opcode]));
  return machine;
}

}  // namespace

absl::StatusOr<MachineProfile> ReadMachine(const std::string& path) {
  MPCC_RETURN_IF_ERROR(RefuseFolder(path));
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(fmt::format("{}: cannot open", path));
  auto machine = FromJson(Json::parse(file, nullptr, /*allow_exceptions=*/false));
  if (machine.ok()) return machine;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}; accepted: what 'mpcc-local --measure-machine' writes", path,
                  std::string(machine.status().message())));
}

absl::Status WriteMachine(const MachineProfile& machine, const std::string& path) {
  const Json json{{"seconds_per_exchange", machine.seconds_per_exchange},
                  {"deal_seconds_per_byte", machine.deal_seconds_per_byte},
                  {"seconds_per_unit", machine.seconds_per_unit}};
  const std::string text = json.dump(1) + "\n";
  return WriteOutput(path, std::array{BytesOf(text)});
}

absl::StatusOr<MachineProfile> MachineOf(const std::vector<Json>& answers,
                                         const std::string& plans) {
  std::vector<Json> stats;
  for (const Json& answer : answers)
    if (answer.contains("stats") &&
        (stats.empty() || answer["stats"]["program"] == stats[0]["program"]))
      stats.push_back(answer["stats"]);
  if (stats.empty())
    return absl::InvalidArgumentError("a machine is measured by answers, and there is none");
  MPCC_ASSIGN_OR_RETURN(const std::shared_ptr<const LoadedPlan> plan,
                        LoadedPlan::Open(fmt::format("{}/party1.plan", plans)));
  const plan::Program& program = plan->plan().programs(stats[0]["program"].get<int>());
  MeasuredRun run;
  run.exchange_seconds = MedianOf(stats, [](const Json& s) { return s["exchange_seconds"]; });
  run.deal_seconds = MedianOf(stats, [](const Json& s) { return s["deal_seconds"]; });
  for (const auto& [opcode, unused] : stats[0]["seconds_by_opcode"].items())
    run.seconds_by_opcode[opcode] = MedianOf(
        stats, [&, &name = opcode](const Json& s) { return s["seconds_by_opcode"][name]; });
  return MeasuredMachine(plan->plan(), program, run);
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_doctor.h"

#include <fmt/format.h>

#include <memory>

#include "tools/doctor.h"

namespace mpcc {
namespace {

struct DoctorOptions {
  std::vector<std::string> keys, states, listen, peers;
};

struct Part {
  std::vector<std::string> DoctorOptions::*named;
  Findings (*examine)(const std::string& name);
};

constexpr Part kParts[] = {{&DoctorOptions::keys, ExamineKeys},
                           {&DoctorOptions::states, ExamineState},
                           {&DoctorOptions::listen, ExamineListening},
                           {&DoctorOptions::peers, ExaminePeer}};

Findings Examine(const DoctorOptions& options) {
  Findings all;
  for (auto examine : {ExamineVersions, ExamineInstructionSets, ExamineClock})
    for (Finding& finding : examine()) all.push_back(std::move(finding));
  for (const Part& part : kParts)
    for (const std::string& name : options.*part.named)
      for (Finding& finding : part.examine(name)) all.push_back(std::move(finding));
  return all;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App& command = *app.add_subcommand(
      "doctor", "say what this machine has and lacks to be a party, with remedies");
  command.add_option("--keys", options->keys, "folders of certificates to look at");
  command.add_option("--state", options->states, "folders of state to look at");
  command.add_option("--listen", options->listen, "host:port that should be free");
  command.add_option("--peers", options->peers, "host:port whose names should be known")
      ->delimiter(',');
  command.callback([options, &exit_code] {
    const Findings found = Examine(*options);
    fmt::print("{}", ToText(found));
    if (AnyWrong(found)) exit_code = 1;
  });
}

}  // namespace mpcc

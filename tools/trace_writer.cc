// SPDX-License-Identifier: Apache-2.0
#include "tools/trace_writer.h"

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/base/private_file.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

Json RunToJson(const Plan& plan, const TracedRun& run) {
  const ProgramInfo& program = plan.programs()[run.program];
  Json layers = Json::array();
  for (size_t i = 0; i < program.layers.size(); ++i)
    layers.push_back(
        {{"name", program.layers[i].name}, {"seconds", run.stats.seconds_by_layer[i]}});
  return {{"party", PartyIndex(plan.party())},
          {"sequence_length", program.sequence_length},
          {"inference", run.number},
          {"began", run.began},
          {"ended", run.ended},
          {"exchange_seconds", run.stats.exchange_seconds},
          {"material_seconds", run.stats.material_seconds},
          {"layers", layers}};
}

}  // namespace

absl::StatusOr<TraceSink> TraceTo(const std::string& path, const Plan& plan) {
  auto file = std::make_shared<std::ofstream>(path, std::ios::trunc);
  if (!*file) return FileError(path, "cannot write");
  return [file, plan](const TracedRun& run) {
    *file << RunToJson(plan, run).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n"
          << std::flush;
  };
}

}  // namespace mpcc

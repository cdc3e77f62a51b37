// SPDX-License-Identifier: Apache-2.0
#include "tools/trace_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "runtime/base/bytes.h"
#include "runtime/base/output_file.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

std::string LineOf(const Json& run) {
  return run.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool IsLayer(const Json& layer) {
  return layer.is_object() && layer.value("name", Json()).is_string() &&
         layer.value("seconds", Json()).is_number();
}

bool IsRun(const Json& run) {
  if (!run.is_object()) return false;
  for (const char* key : {"party", "sequence_length", "inference", "began", "ended",
                          "exchange_seconds", "material_seconds"})
    if (!run.value(key, Json()).is_number()) return false;
  const Json layers = run.value("layers", Json());
  return layers.is_array() && std::ranges::all_of(layers, IsLayer);
}

}  // namespace

absl::StatusOr<std::vector<nlohmann::json>> ReadTrace(const std::string& path) {
  MPCC_RETURN_IF_ERROR(RefuseFolder(path));
  std::ifstream file(path);
  if (!file) return FileError(path, "cannot open");
  std::vector<Json> runs;
  for (std::string line; std::getline(file, line);) {
    Json run = Json::parse(line, nullptr, false);
    if (!IsRun(run))
      return absl::DataLossError(
          fmt::format("{}: line {} is no run of a party; accepted: what 'mpcc-party --trace' and "
                      "'mpcc-local --trace' write",
                      path, runs.size() + 1));
    runs.push_back(std::move(run));
  }
  return runs;
}

absl::Status MergeTraces(const std::vector<std::string>& paths, const std::string& merged) {
  std::vector<Json> runs;
  for (const std::string& path : paths) {
    MPCC_ASSIGN_OR_RETURN(const std::vector<Json> some, ReadTrace(path));
    runs.insert(runs.end(), some.begin(), some.end());
  }
  std::ranges::stable_sort(runs, {}, [](const Json& run) { return run["began"].get<double>(); });
  std::string text;
  for (const Json& run : runs) text += LineOf(run);
  return WriteOutput(merged, std::array{BytesOf(text)});
}

}  // namespace mpcc

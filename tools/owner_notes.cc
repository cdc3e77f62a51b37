// SPDX-License-Identifier: Apache-2.0
#include "tools/owner_notes.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "runtime/base/bytes.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/plan_file.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string PathOf(const std::string& plan_path) {
  return fs::path(plan_path).replace_extension(".notes.json").string();
}

}  // namespace

absl::Status WriteOwnerNotes(const OwnerNotes& notes, const std::string& folder) {
  const std::string plan_path = (fs::path(folder) / "party0.plan").string();
  MPCC_ASSIGN_OR_RETURN(const auto plan, LoadedPlan::Open(plan_path));
  const Json json = {{"plan", HexString(plan->hash())},
                     {"sites", notes.sites},
                     {"alternatives", notes.alternatives},
                     {"warnings", notes.warnings}};
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return WritePrivateFile(PathOf(plan_path), std::array{BytesOf(text)});
}

absl::StatusOr<nlohmann::json> ReadOwnerNotes(const std::string& plan_path,
                                              const std::string& plan_hash) {
  const std::string path = PathOf(plan_path);
  std::ifstream file(path);
  if (!file) return Json();
  Json json = Json::parse(file, nullptr, false);
  const bool whole = json.is_object() && json.value("sites", Json()).is_array() &&
                     json.value("alternatives", Json()).is_array() &&
                     json.value("warnings", Json()).is_array();
  if (!whole)
    return absl::DataLossError(fmt::format("{}: no notes; remedy: compile the model again", path));
  if (json.value("plan", Json()) != plan_hash) return Json();
  json.erase("plan");
  return json;
}

}  // namespace mpcc

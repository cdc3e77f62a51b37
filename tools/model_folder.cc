// SPDX-License-Identifier: Apache-2.0
#include "tools/model_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kUsualModels[] = {"model.onnx", "onnx/model.onnx", "model_quantized.onnx",
                                        "onnx/model_quantized.onnx"};
constexpr char kTokenizer[] = "tokenizer.json";

// What 1_Pooling/config.json says, and what it is called here and in sentence-transformers.
struct PoolingMode {
  const char* key;
  const char* name;
};
constexpr PoolingMode kPoolingModes[] = {
    {"pooling_mode_cls_token", "cls"},
    {"pooling_mode_mean_tokens", "mean"},
    {"pooling_mode_max_tokens", "max"},
    {"pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"},
    {"pooling_mode_weightedmean_tokens", "weightedmean"},
    {"pooling_mode_lasttoken", "lasttoken"}};

bool IsTrue(const Json& json, const char* key) {
  return json.is_object() && json.value(key, Json()) == true;
}

std::string TextOf(const Json& json, const char* key) {
  const Json found = json.is_object() ? json.value(key, Json()) : Json();
  return found.is_string() ? found.get<std::string>() : "";
}

// Nothing where there is no such file.
absl::StatusOr<std::optional<std::string>> ReadText(const fs::path& path) {
  std::error_code none;
  if (!fs::is_regular_file(path, none)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(fmt::format("{}: cannot be read", path.string()));
  return text.str();
}

// Null where there is no such file.
absl::StatusOr<Json> ReadJson(const fs::path& path) {
  MPCC_ASSIGN_OR_RETURN(const auto text, ReadText(path));
  if (!text) return Json();
  Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded())
    return absl::InvalidArgumentError(
        fmt::format("{}: no JSON; remedy: fetch the folder again", path.string()));
  return json;
}

// "mean", or "max+mean" where vectors of several kinds stand one behind the other.
std::string PoolingOf(const Json& config) {
  std::string text = TextOf(config, "pooling_mode");
  for (const PoolingMode& mode : kPoolingModes)
    if (IsTrue(config, mode.key)) text += (text.empty() ? "" : "+") + std::string(mode.name);
  return text.empty() ? "unknown" : text;
}

// "Pooling" of "sentence_transformers.models.Pooling".
std::string KindOf(const Json& module) {
  const std::string type = TextOf(module, "type");
  return type.substr(type.rfind('.') + 1);
}

// The modules in the order in which they follow the network.
absl::Status ReadModules(const Json& modules, ModelFolder& folder) {
  if (!modules.is_array()) return absl::OkStatus();
  for (const Json& module : modules) {
    const std::string kind = KindOf(module);
    if (kind == "Transformer" || kind == "Dropout") continue;  // which does nothing when asked
    if (kind == "Pooling" && folder.pooling.empty() && !folder.normalizes) {
      MPCC_ASSIGN_OR_RETURN(const Json config, ReadJson(fs::path(folder.path) /
                                                        TextOf(module, "path") / "config.json"));
      folder.pooling = PoolingOf(config);
    } else if (kind == "Normalize" && !folder.pooling.empty()) {
      folder.normalizes = true;
    } else {
      folder.others.push_back(kind.empty() ? "a module without a type" : kind);
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> ModelsIn(const fs::path& folder) {
  std::vector<std::string> models;
  std::error_code unreadable;
  for (fs::recursive_directory_iterator file(folder, fs::directory_options::skip_permission_denied,
                                             unreadable);
       file != fs::recursive_directory_iterator(); file.increment(unreadable)) {
    if (file.depth() > 1) file.disable_recursion_pending();
    if (file->path().extension() == ".onnx")
      models.push_back(file->path().lexically_relative(folder).string());
  }
  std::sort(models.begin(), models.end());
  return models;
}

bool LowersAlready(const Json& normalizer) {
  if (normalizer.is_null()) return false;
  const std::string text = normalizer.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.find(R"("lowercase":true)") != std::string::npos ||
         text.find(R"("type":"Lowercase")") != std::string::npos;
}

}  // namespace

bool IsFolder(const std::string& path) {
  std::error_code none;
  return fs::is_directory(path, none);
}

absl::StatusOr<ModelFolder> ReadModelFolder(const std::string& path) {
  ModelFolder folder;
  folder.path = path;
  folder.models = ModelsIn(path);
  MPCC_ASSIGN_OR_RETURN(const Json modules, ReadJson(fs::path(path) / "modules.json"));
  MPCC_RETURN_IF_ERROR(ReadModules(modules, folder));
  MPCC_ASSIGN_OR_RETURN(const Json texts, ReadJson(fs::path(path) / "sentence_bert_config.json"));
  folder.lower_case = IsTrue(texts, "do_lower_case");
  const Json longest = texts.is_object() ? texts.value("max_seq_length", Json()) : Json();
  if (longest.is_number_integer()) folder.longest = longest.get<int64_t>();
  return folder;
}

absl::StatusOr<std::string> ChooseModel(const ModelFolder& folder, const std::string& file) {
  const fs::path path(folder.path);
  std::error_code none;
  if (!file.empty()) {
    if (fs::is_regular_file(path / file, none)) return (path / file).string();
    if (fs::is_regular_file(file, none)) return file;
  } else {
    for (const char* usual : kUsualModels)
      if (fs::is_regular_file(path / usual, none)) return (path / usual).string();
    if (folder.models.size() == 1) return (path / folder.models.front()).string();
  }
  const std::string found = file.empty()
                                ? fmt::format("has no {}", fmt::join(kUsualModels, " and no "))
                                : fmt::format("has no --file={}", file);
  const std::string remedy =
      folder.models.empty()
          ? "export the model to ONNX (optimum-cli export onnx --task feature-extraction)"
          : fmt::format("name one of the files that it has with --file: {}",
                        fmt::join(folder.models, ", "));
  const std::string plans = fs::is_regular_file(path / "party0.plan", none)
                                ? "; it holds plans, which 'mpcc inspect' and 'mpcc report' read"
                                : "";
  return absl::InvalidArgumentError(
      fmt::format("{}: {}; remedy: {}{}", folder.path, found, remedy, plans));
}

absl::StatusOr<std::string> TokenizerOf(const ModelFolder& folder) {
  const fs::path path = fs::path(folder.path) / kTokenizer;
  MPCC_ASSIGN_OR_RETURN(const auto text, ReadText(path));
  if (!text || !folder.lower_case) return text.value_or("");
  MPCC_ASSIGN_OR_RETURN(const Json read, ReadJson(path));
  Json json = read;
  if (!json.is_object() || LowersAlready(json.value("normalizer", Json()))) return *text;
  Json all = Json::array({{{"type", "Lowercase"}}});
  if (json.contains("normalizer") && !json["normalizer"].is_null())
    all.push_back(json["normalizer"]);
  json["normalizer"] = {{"type", "Sequence"}, {"normalizers", all}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mpcc

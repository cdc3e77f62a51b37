// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/input_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mpcc {
namespace {

using Json = nlohmann::json;
using Event = Json::parse_event_t;

constexpr int kDeepest = 8;  // lists in lists, more than any input has axes

// A name for a message, cut and without controls.
std::string Quoted(const std::string& name) {
  constexpr size_t kMost = 64;
  return Json(name.substr(0, kMost)).dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

absl::StatusOr<Json> ParseInputJson(const std::string& text) {
  int lists = 0, objects = 0;  // that are open
  bool too_deep = false;
  std::set<std::string> names;
  std::string twice;
  const auto look = [&](int depth, Event event, Json& parsed) {
    lists += (event == Event::array_start) - (event == Event::array_end);
    objects += (event == Event::object_start) - (event == Event::object_end);
    too_deep |= std::max(lists, objects) > kDeepest;
    if (event == Event::key && depth == 1 && twice.empty())
      if (const std::string name = parsed.get<std::string>(); !names.insert(name).second)
        twice = fmt::format("input {} given twice", Quoted(name));
    return !too_deep;
  };
  Json json = Json::parse(text, look, /*allow_exceptions=*/false);
  if (too_deep)
    return absl::InvalidArgumentError(
        fmt::format("lists or objects nested deeper than {}", kDeepest));
  if (!twice.empty() && !json.is_discarded()) return absl::InvalidArgumentError(twice);
  return json;
}

}  // namespace mpcc

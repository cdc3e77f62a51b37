// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/input_json.h"

#include <fmt/format.h>

#include <set>

namespace mpcc {

absl::StatusOr<nlohmann::json> ParseInputJson(const std::string& text) {
  using Json = nlohmann::json;
  constexpr int kDeepest = 8;  // lists in lists, more than any input has axes
  int open = 0;
  bool too_deep = false;
  std::set<std::string> names;
  std::string twice;
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    open += event == Json::parse_event_t::array_start;
    open -= event == Json::parse_event_t::array_end;
    too_deep |= open > kDeepest;
    if (event == Json::parse_event_t::key && depth == 1 && twice.empty())
      if (const std::string name = parsed.get<std::string>(); !names.insert(name).second)
        twice = fmt::format("input \"{}\" is given twice", name);
    return !too_deep;
  };
  Json json = Json::parse(text, look, /*allow_exceptions=*/false);
  if (too_deep)
    return absl::InvalidArgumentError(
        fmt::format("the input has lists nested deeper than {}", kDeepest));
  if (!twice.empty() && !json.is_discarded()) return absl::InvalidArgumentError(twice);
  return json;
}

}  // namespace mpcc

// SPDX-License-Identifier: Apache-2.0
// JSON in which people give inputs: {"input_ids": [101, 102]}, or a list of ids.
#ifndef MPCC_RUNTIME_BASE_INPUT_JSON_H_
#define MPCC_RUNTIME_BASE_INPUT_JSON_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"

namespace mpcc {

// `text`, whose lists and objects are nested no deeper than inputs', so that nothing runs out of
// stack on it, and whose inputs have each a name of their own; INVALID_ARGUMENT with what was found
// otherwise. Discarded if it is no JSON.
absl::StatusOr<nlohmann::json> ParseInputJson(const std::string& text);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_INPUT_JSON_H_

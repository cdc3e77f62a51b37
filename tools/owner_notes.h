// SPDX-License-Identifier: Apache-2.0
// What the compiler tells the model owner beside the plans, as a file of JSON beside P0's plan:
// ranges, scales, constructions, warnings, alternatives. It tells of the model as P0's plan does.
#ifndef MPCC_TOOLS_OWNER_NOTES_H_
#define MPCC_TOOLS_OWNER_NOTES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc {

struct OwnerNotes {
  nlohmann::json sites = nlohmann::json::array();
  nlohmann::json alternatives = nlohmann::json::array();
  std::vector<std::string> warnings;
};

// The file of mode 0600 that belongs to the P0's plan in the folder, which is there already.
absl::Status WriteOwnerNotes(const OwnerNotes& notes, const std::string& folder);

// Those of P0's plan with this hash; null where there are none, or they are of another plan.
// DATA_LOSS where they are no notes.
absl::StatusOr<nlohmann::json> ReadOwnerNotes(const std::string& plan_path,
                                              const std::string& plan_hash);

}  // namespace mpcc

#endif  // MPCC_TOOLS_OWNER_NOTES_H_
